package synth

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"pacsuat/synth/draw"
)

// Patient is a person who does not exist.
type Patient struct {
	ID     string // begins with the fence's prefix, at most 64 characters
	Issuer string // Issuer of Patient ID

	// Name is the Patient's Name as PN writes it: components separated by "^",
	// component groups (alphabetic, ideographic, phonetic) by "=", in Unicode.
	// Every group begins with the fence's name prefix.
	Name string

	BirthDate string // DA
	Sex       string // M or F
}

// Patient returns the patient of that index. ID, birth date and sex depend on
// the index alone; the name is one that the given Specific Character Set can
// carry and that shows whether it was carried:
//
//	none, ISO_IR 6             ASCII
//	ISO_IR 100                 Latin-1 letters with accents
//	ISO_IR 192                 Hanzi or Tamil in the ideographic group
//	GB18030, GBK,
//	ISO 2022 IR 58             simplified Hanzi in the ideographic group
//
// With any other character set the name is ASCII. See PS3.3 C.12.1.1.2 and
// PS3.5 6.2.1.1.
func (i *Identity) Patient(index int, characterSet ...string) Patient {
	d := draw.FromSum(i.hash("patient", []int{index}))
	sex := "F"
	if d.Below(2) == 0 {
		sex = "M"
	}
	birth := fmt.Sprintf("%04d%02d%02d", d.Between(1930, 2007), d.Between(1, 12), d.Between(1, 28))
	return Patient{
		ID:        i.patientID(index),
		Issuer:    i.fence.Issuer,
		Name:      i.personName(d, sex == "M", characterSet),
		BirthDate: birth,
		Sex:       sex,
	}
}

// personName draws a name and puts the fence's prefix before each group.
func (i *Identity) personName(d *draw.Stream, male bool, characterSet []string) string {
	has := func(terms ...string) bool {
		return slices.ContainsFunc(terms, func(t string) bool { return slices.Contains(characterSet, t) })
	}
	var groups []string
	switch {
	case has("ISO_IR 192"):
		if d.Below(3) == 0 {
			groups = indianName(d, male, true)
		} else {
			groups = chineseName(d, male, true)
		}
	case has("GB18030", "GBK", "ISO 2022 IR 58"):
		groups = chineseName(d, male, true)
	case has("ISO_IR 100", "ISO 2022 IR 100"):
		groups = eurasianName(d, male, true)
	default:
		// The mix of Singapore's residents, in per cent.
		switch p := d.Below(100); {
		case p < 74:
			groups = chineseName(d, male, false)
		case p < 88:
			groups = malayName(d, male)
		case p < 97:
			groups = indianName(d, male, false)
		default:
			groups = eurasianName(d, male, false)
		}
	}
	for g, name := range groups {
		groups[g] = cutRunes(i.fence.NamePrefix+"-"+name, maxNameGroupLength)
	}
	return strings.Join(groups, "=")
}

// cutRunes returns the first n characters of s.
func cutRunes(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:n]), " ^")
}

// written is a name's part in the alphabetic and in another script.
type written struct{ latin, native string }

var chineseFamilies = []written{
	{"TAN", "陈"}, {"LIM", "林"}, {"LEE", "李"}, {"NG", "黄"}, {"ONG", "王"}, {"WONG", "黄"},
	{"GOH", "吴"}, {"CHUA", "蔡"}, {"CHAN", "陈"}, {"KOH", "许"}, {"TEO", "张"}, {"ANG", "洪"},
	{"YEO", "杨"}, {"TAY", "郑"}, {"HO", "何"}, {"LOW", "刘"}, {"SIM", "沈"}, {"CHONG", "张"},
	{"CHIA", "谢"}, {"SEAH", "余"},
}

var (
	chineseFirst  = []written{{"AH", "亚"}, {"KOK", "国"}, {"WEI", "伟"}, {"JIA", "佳"}, {"SIEW", "秀"}, {"BOON", "文"}, {"CHEE", "志"}, {"HUI", "慧"}, {"MEI", "美"}, {"YONG", "永"}}
	chineseMale   = []written{{"KOW", "九"}, {"MING", "明"}, {"HENG", "兴"}, {"KEONG", "强"}, {"LEONG", "良"}, {"JIE", "杰"}}
	chineseFemale = []written{{"LING", "玲"}, {"ENG", "英"}, {"FONG", "凤"}, {"LAN", "兰"}, {"XIN", "欣"}, {"HUA", "花"}}
)

func pick(d *draw.Stream, male bool, men, women []written) written {
	if male {
		return men[d.Below(len(men))]
	}
	return women[d.Below(len(women))]
}

func chineseName(d *draw.Stream, male, native bool) []string {
	family := chineseFamilies[d.Below(len(chineseFamilies))]
	first := chineseFirst[d.Below(len(chineseFirst))]
	second := pick(d, male, chineseMale, chineseFemale)
	latin := family.latin + "^" + first.latin + " " + second.latin
	switch d.Below(8) {
	case 0: // Western given name before the Chinese ones
		latin = family.latin + "^" + pick(d, male, westernMale, westernFemale).latin + " " + first.latin + " " + second.latin
	case 1: // the Pinyin form as an alias, in brackets
		latin = family.latin + "^" + first.latin + " " + second.latin + " (" + first.latin + second.latin + ")"
	}
	if !native {
		return []string{latin}
	}
	return []string{latin, family.native + "^" + first.native + second.native}
}

var (
	malayMale    = []string{"MUHAMMAD FAIZAL", "AHMAD RIDZUAN", "MOHD HAFIZ", "ISKANDAR", "SYED AMIN", "ROSLAN"}
	malayFemale  = []string{"NUR AISYAH", "SITI NURHALIZA", "NORAINI", "FARIDAH", "HALIMAH", "SITI MARIAM"}
	malayFathers = []string{"ABDULLAH", "ABDUL RAHMAN", "ISMAIL", "HASSAN", "OSMAN", "MOHD YUSOF", "SALLEH"}
)

// malayName is a given name and a patronymic: there is no family name, so the
// whole is one component, as registration clerks enter it.
func malayName(d *draw.Stream, male bool) []string {
	father := malayFathers[d.Below(len(malayFathers))]
	if male {
		return []string{malayMale[d.Below(len(malayMale))] + " BIN " + father}
	}
	return []string{malayFemale[d.Below(len(malayFemale))] + []string{" BINTE ", " BINTI "}[d.Below(2)] + father}
}

var (
	indianMale    = []written{{"RAJAN", "ராஜன்"}, {"MURUGAN", "முருகன்"}, {"SURESH", "சுரேஷ்"}, {"KUMAR", "குமார்"}, {"SIVA", "சிவா"}}
	indianFemale  = []written{{"DEVI", "தேவி"}, {"LAKSHMI", "லட்சுமி"}, {"MEENA", "மீனா"}, {"KAVITHA", "கவிதா"}, {"SARASVATHY", "சரஸ்வதி"}}
	indianFathers = []string{"KRISHNAN", "SUBRAMANIAM", "GOVINDASAMY", "PILLAI", "NATHAN"}
)

// indianName is a given name and a patronymic behind S/O or D/O (Malaysian
// A/L, A/P); the slash is legal in PN.
func indianName(d *draw.Stream, male, native bool) []string {
	given, father := pick(d, male, indianMale, indianFemale), indianFathers[d.Below(len(indianFathers))]
	links := [...]string{"D/O", "D/O", "A/P"}
	if male {
		links = [...]string{"S/O", "S/O", "A/L"}
	}
	link := links[d.Below(len(links))]
	latin := given.latin + " " + link + " " + father
	if !native {
		return []string{latin}
	}
	// The given name alone: 64 characters is the limit of each group (PS3.5 6.2),
	// but many systems count the bytes of the whole value.
	return []string{latin, given.native}
}

var (
	westernMale      = []written{{"JOSEPH", "JOSÉ"}, {"BENEDICT", "BENOÎT"}, {"SIMON", "SIMÃO"}, {"ANDREW", "ANDRÉ"}, {"FRANCIS", "FRANÇOIS"}}
	westernFemale    = []written{{"MARIA", "MARÍA"}, {"IRENE", "IRÈNE"}, {"THERESA", "THÉRÈSE"}, {"CECILIA", "CECÍLIA"}, {"ZOE", "ZOË"}}
	eurasianFamilies = []written{{"D'SOUZA", "D'SOUZA"}, {"PEREIRA", "PEREIRA"}, {"DE CRUZ", "DE CRUZ"}, {"MONTEIRO", "MONTEIRO"}, {"OLIVEIRO", "OLIVEIRO"}, {"SHEPHERDSON", "SHEPHERDSON"}, {"BRAGANCA", "BRAGANÇA"}}
)

func eurasianName(d *draw.Stream, male, accents bool) []string {
	family := eurasianFamilies[d.Below(len(eurasianFamilies))]
	given := pick(d, male, westernMale, westernFemale)
	if accents {
		return []string{family.native + "^" + given.native}
	}
	return []string{family.latin + "^" + given.latin}
}
