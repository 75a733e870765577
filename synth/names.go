package synth

import "pacsuat/synth/draw"

// written is a name's part: in the alphabetic group as it is spoken at home, in
// Pinyin, and in simplified and traditional Hanzi.
type written struct{ latin, pinyin, simplified, traditional string }

var (
	chineseFamilies = []written{
		{"TAN", "CHEN", "陈", "陳"}, {"LIM", "LIN", "林", "林"}, {"LEE", "LI", "李", "李"}, {"NG", "HUANG", "黄", "黃"}, {"ONG", "WANG", "王", "王"},
		{"WONG", "HUANG", "黄", "黃"}, {"GOH", "WU", "吴", "吳"}, {"CHUA", "CAI", "蔡", "蔡"}, {"CHAN", "CHEN", "陈", "陳"}, {"KOH", "XU", "许", "許"},
		{"TEO", "ZHANG", "张", "張"}, {"ANG", "HONG", "洪", "洪"}, {"YEO", "YANG", "杨", "楊"}, {"TAY", "ZHENG", "郑", "鄭"}, {"HO", "HE", "何", "何"},
		{"LOW", "LIU", "刘", "劉"}, {"SIM", "SHEN", "沈", "沈"}, {"CHONG", "ZHANG", "张", "張"}, {"CHIA", "XIE", "谢", "謝"}, {"SEAH", "SHE", "余", "余"},
		{"AU", "OU", "区", "區"}, // 區 is 85 5E in GBK: its second byte is the delimiter "^" of ASCII
	}
	chineseFirst = []written{
		{"AH", "YA", "亚", "亞"}, {"KOK", "GUO", "国", "國"}, {"WEI", "WEI", "伟", "偉"}, {"JIA", "JIA", "佳", "佳"}, {"SIEW", "XIU", "秀", "秀"},
		{"BOON", "WEN", "文", "文"}, {"CHEE", "ZHI", "志", "志"}, {"HUI", "HUI", "慧", "慧"}, {"MEI", "MEI", "美", "美"}, {"YONG", "YONG", "永", "永"},
		// Not 誠: it is D5 5C in GBK, and validators take the backslash for a delimiter.
	}
	chineseMale   = []written{{"KOW", "JIU", "九", "九"}, {"MING", "MING", "明", "明"}, {"HENG", "XING", "兴", "興"}, {"KEONG", "QIANG", "强", "強"}, {"LEONG", "LIANG", "良", "良"}, {"JIE", "JIE", "杰", "傑"}}
	chineseFemale = []written{{"LING", "LING", "玲", "玲"}, {"ENG", "YING", "英", "英"}, {"FONG", "FENG", "凤", "鳳"}, {"LAN", "LAN", "兰", "蘭"}, {"XIN", "XIN", "欣", "欣"}, {"HUA", "HUA", "花", "花"}}

	// Hanzi that GB2312 does not have, but GBK in two bytes; and those that only
	// GB18030 has, in four, some of them outside the basic multilingual plane.
	rareGBK     = []written{{"ZHE", "ZHE", "喆", "喆"}, {"KUN", "KUN", "堃", "堃"}, {"JUN", "JUN", "珺", "珺"}, {"XUAN", "XUAN", "瑄", "瑄"}, {"YUE", "YUE", "玥", "玥"}}
	rareGB18030 = []written{{"YAN", "YAN", "䶮", "䶮"}, {"JIE", "JIE", "㛃", "㛃"}, {"JI", "JI", "𠮷", "𠮷"}, {"YAN", "YAN", "𬍛", "𬍛"}}
)

func pick(d *draw.Stream, male bool, men, women []written) written {
	if male {
		return men[d.Below(len(men))]
	}
	return women[d.Below(len(women))]
}

// chineseName is the family name first. Clerks enter it in many ways: a Western
// name before, the Pinyin form in brackets, another name behind "@", the two given
// names joined by a hyphen, all in one component, a full-width space in the
// ideographic group instead of the delimiter.
func chineseName(d *draw.Stream, male bool, in repertoire, traits bool) []string {
	family := chineseFamilies[d.Below(len(chineseFamilies))]
	first := chineseFirst[d.Below(len(chineseFirst))]
	second := pick(d, male, chineseMale, chineseFemale)
	style, hanzi := d.Below(16), d.Below(24)
	western := westernGiven(d, male).latin
	switch {
	case in >= gb18030 && hanzi < 3:
		second = rareGB18030[d.Below(len(rareGB18030))]
	case in >= gbk && hanzi < 6:
		second = rareGBK[d.Below(len(rareGBK))]
	}
	if !traits {
		style = 15
	}
	latin := family.latin + "^" + first.latin + " " + second.latin
	switch {
	case style < 2:
		latin = family.latin + "^" + western + " " + first.latin + " " + second.latin
	case style < 4:
		latin += " (" + family.pinyin + " " + first.pinyin + second.pinyin + ")"
	case style < 5:
		latin += " @ " + western + " " + family.latin
	case style < 7:
		latin = family.latin + "^" + first.latin + "-" + second.latin
	case style < 8:
		latin = family.latin + " " + first.latin + " " + second.latin
	}
	if in < gb2312 {
		return []string{latin}
	}
	form := func(w written) string { return w.simplified }
	if in >= gbk && hanzi%3 == 0 {
		form = func(w written) string { return w.traditional }
	}
	between := "^"
	if traits && hanzi%8 == 7 {
		between = "\u3000"
	}
	return []string{latin, form(family) + between + form(first) + form(second)}
}

var (
	malayMale    = []string{"MUHAMMAD FAIZAL", "AHMAD RIDZUAN", "MOHD HAFIZ", "ISKANDAR", "SYED AMIN", "ROSLAN", "ABU-BAKAR", "MA'ARUF"}
	malayFemale  = []string{"NUR AISYAH", "SITI NURHALIZA", "NORAINI", "FARIDAH", "HALIMAH", "SITI MARIAM", "NUR-AIN", "NI'MAH"}
	malayFathers = []string{"ABDULLAH", "ABDUL RAHMAN", "ISMAIL", "HASSAN", "OSMAN", "MOHD YUSOF", "SALLEH", "MA'SOM"}
	malayAliases = []string{"ROS", "MAT", "ANI", "AISHAH", "DIN"}
)

// malayName is a given name and a patronymic: there is no family name, so the
// whole is one component, as registration clerks enter it. Some have one name only.
func malayName(d *draw.Stream, male, traits bool) string {
	names, links := malayFemale, []string{" BINTE ", " BINTE ", " BINTI "}
	if male {
		names, links = malayMale, []string{" BIN "}
	}
	given, father, link := names[d.Below(len(names))], malayFathers[d.Below(len(malayFathers))], links[d.Below(len(links))]
	style, alias := d.Below(20), malayAliases[d.Below(len(malayAliases))]
	switch {
	case traits && style == 0:
		return names[3] // ISKANDAR, FARIDAH
	case traits && style < 3:
		return given + link + father + " @ " + alias
	}
	return given + link + father
}

// tamil is an Indian name in the alphabetic group and in Tamil.
type tamil struct{ latin, native string }

var (
	indianMale    = []tamil{{"RAJAN", "ராஜன்"}, {"MURUGAN", "முருகன்"}, {"SURESH", "சுரேஷ்"}, {"KUMAR", "குமார்"}, {"SIVA", "சிவா"}}
	indianFemale  = []tamil{{"DEVI", "தேவி"}, {"LAKSHMI", "லட்சுமி"}, {"MEENA", "மீனா"}, {"KAVITHA", "கவிதா"}, {"SARASVATHY", "சரஸ்வதி"}}
	indianFathers = []string{"KRISHNAN", "SUBRAMANIAM", "GOVINDASAMY", "PILLAI", "NATHAN"}
	indianAliases = []string{"RAVI", "SAM", "RANI", "MAYA"}
)

// indianName is a given name and a patronymic behind S/O or D/O (Malaysian A/L,
// A/P); the slash is legal in PN. Some have an alias, some one name only.
func indianName(d *draw.Stream, male bool, in repertoire, traits bool) []string {
	names, links := indianFemale, []string{"D/O", "D/O", "A/P"}
	if male {
		names, links = indianMale, []string{"S/O", "S/O", "A/L"}
	}
	given, father, link := names[d.Below(len(names))], indianFathers[d.Below(len(indianFathers))], links[d.Below(len(links))]
	style, alias := d.Below(16), indianAliases[d.Below(len(indianAliases))]
	latin := given.latin + " " + link + " " + father
	switch {
	case traits && style == 0:
		latin = given.latin
	case traits && style < 3:
		latin += " @ " + alias
	}
	if in < everyLetter {
		return []string{latin}
	}
	// The given name alone: 64 characters is the limit of each group (PS3.5 6.2),
	// but many systems count the bytes of the whole value.
	return []string{latin, given.native}
}

// accented is a Western name without and with its accents, and with them as
// combining marks.
type accented struct{ latin, composed, combining string }

var (
	westernMale = []accented{
		{"JOSEPH", "JOSÉ", "JOSE\u0301"}, {"BENEDICT", "BENOÎT", "BENOI\u0302T"}, {"SIMON", "SIMÃO", "SIMA\u0303O"},
		{"ANDREW", "ANDRÉ", "ANDRE\u0301"}, {"FRANCIS", "FRANÇOIS", "FRANC\u0327OIS"},
	}
	westernFemale = []accented{
		{"MARIA", "MARÍA", "MARI\u0301A"}, {"IRENE", "IRÈNE", "IRE\u0300NE"}, {"THERESA", "THÉRÈSE", "THE\u0301RE\u0300SE"},
		{"CECILIA", "CECÍLIA", "CECI\u0301LIA"}, {"ZOE", "ZOË", "ZOE\u0308"},
	}
	westernFamilies = []accented{
		{"D'SOUZA", "D'SOUZA", "D'SOUZA"}, {"PEREIRA", "PEREIRA", "PEREIRA"}, {"DE CRUZ", "DE CRUZ", "DE CRUZ"}, {"MONTEIRO", "MONTEIRO", "MONTEIRO"},
		{"OLIVEIRO", "OLIVEIRO", "OLIVEIRO"}, {"SHEPHERDSON-LOW", "SHEPHERDSON-LOW", "SHEPHERDSON-LOW"}, {"BRAGANCA", "BRAGANÇA", "BRAGANC\u0327A"}, {"O'NEIL", "O'NEIL", "O'NEIL"},
	}
)

func westernGiven(d *draw.Stream, male bool) accented {
	if male {
		return westernMale[d.Below(len(westernMale))]
	}
	return westernFemale[d.Below(len(westernFemale))]
}

// otherName is a Eurasian's: family name first, with apostrophe or hyphen, accents
// where they can be carried.
func otherName(d *draw.Stream, male bool, in repertoire) string {
	family := westernFamilies[d.Below(len(westernFamilies))]
	given := westernGiven(d, male)
	form := func(a accented) string { return a.latin }
	switch in {
	case latin1:
		form = func(a accented) string { return a.composed }
	case everyLetter:
		form = func(a accented) string { return a.combining }
	}
	return form(family) + "^" + form(given)
}
