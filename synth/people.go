package synth

import (
	"slices"
	"strings"
	"time"
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

// Patient returns the patient of that index, an adult. ID, birth date and sex
// depend on the index alone; the name is one that the given Specific Character
// Set can carry and that shows whether it was carried:
//
//	none, ISO_IR 6             ASCII
//	ISO_IR 100                 Latin-1 letters with accents
//	ISO 2022 IR 58             simplified Hanzi in the ideographic group
//	GBK                        simplified and traditional Hanzi
//	GB18030                    further Hanzi of four bytes
//	ISO_IR 192                 Hanzi or Tamil in the ideographic group, letters with
//	                           combining marks
//
// With any other character set the name is ASCII. See PS3.3 C.12.1.1.2 and
// PS3.5 6.2.1.1. Encoded, it has at most 64 bytes where the fence's prefix has at
// most 6 characters; see LongNamePatient for a longer one.
func (i *Identity) Patient(index int, characterSet ...string) Patient {
	const adults = 4 // band of the age pyramid: 20 and older
	d := draw.FromSum(i.hash("patient", []int{index}))
	birth, female := born(d, adults)
	carried := repertoireOf(characterSet)
	return Patient{
		ID:        i.patientID(index),
		Issuer:    i.fence.Issuer,
		Name:      marked(i.fence.NamePrefix, carried, d, carried.people(d), !female),
		BirthDate: birth,
		Sex:       sexOf(female),
	}
}

// LongNamePatient is the patient of that index with the longest name that PN
// allows: three component groups of 64 characters each, several hundred bytes in
// UTF-8. Only ISO_IR 192 and GB18030 can carry it. See PS3.5 6.2.
func (i *Identity) LongNamePatient(index int) Patient {
	p := i.Patient(index)
	d := draw.FromSum(i.hash("patient/long-name", []int{index}))
	groups := make([]string, 3)
	for g, words := range [][]string{longLatin, longHanzi, longTamil} {
		separator := " "
		if g == 1 {
			separator = ""
		}
		family, given := words[d.Below(len(words))], ""
		for utf8.RuneCountInString(given) < maxNameGroupLength {
			given += words[d.Below(len(words))] + separator
		}
		groups[g] = filled(i.fence.NamePrefix+"-"+family+"^"+given, maxNameGroupLength)
	}
	p.Name = strings.Join(groups, "=")
	return p
}

// filled cuts a group to exactly n characters; where a space would end it, which
// systems trim, a dash does.
func filled(s string, n int) string {
	r := []rune(s)[:n]
	if r[n-1] == ' ' {
		r[n-1] = '-'
	}
	return string(r)
}

// Parts of long names: Portuguese, Hanzi of three and four bytes in UTF-8, Tamil
// with combining vowel signs.
var (
	longLatin = []string{"MARIA", "CONCEIÇÃO", "ASSUNÇÃO", "FERNÃO", "GONÇALVES", "SEBASTIÃO", "MAGALHÃES", "ALBUQUERQUE", "DE SOUZA-PEREIRA"}
	longHanzi = []string{"陈", "黄", "龔", "歐陽", "司徒", "慧", "國", "瑄", "𠮷", "䶮", "㛃"}
	longTamil = []string{"சுப்பிரமணியம்", "லட்சுமி", "கிருஷ்ணன்", "முருகன்", "சரஸ்வதி"}
)

// marked draws a name and puts the fence's prefix before each group. A name that
// would be longer than 64 bytes gives way to a plainer one.
func marked(prefix string, in repertoire, d *draw.Stream, of people, male bool) string {
	const enough = 8
	name := ""
	for try := range enough {
		groups := nameOf(d, of, male, in, try+1 < enough)
		for g := range groups {
			groups[g] = cutRunes(prefix+"-"+groups[g], maxNameGroupLength)
		}
		if name = strings.Join(groups, "="); len(name) <= in.room() {
			break
		}
	}
	return name
}

// cutRunes returns the first n characters of s.
func cutRunes(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:n]), " ^")
}

func sexOf(female bool) string {
	if female {
		return "F"
	}
	return "M"
}

// pyramidYear is the year at whose begin the age pyramid holds.
const pyramidYear = 2025

// agePyramid is the share of each five years of age among patients, from 0 to 4
// upwards, and that of women in them, both per mille: of those who are examined,
// not of all residents.
var agePyramid = []struct{ share, women int }{
	{15, 480}, {15, 480}, {20, 480}, {30, 450}, {45, 480}, {50, 520}, {55, 540}, {60, 540}, {70, 540}, {75, 540},
	{85, 530}, {90, 520}, {95, 510}, {95, 505}, {80, 510}, {60, 530}, {35, 560}, {17, 600}, {6, 650}, {2, 700},
}

// born draws birth date and sex by the age pyramid, from that band upwards.
func born(d *draw.Stream, from int) (birthDate string, female bool) {
	all := 0
	for _, b := range agePyramid[from:] {
		all += b.share
	}
	band, left := from, d.Below(all)
	for left >= agePyramid[band].share {
		left -= agePyramid[band].share
		band++
	}
	day := time.Date(pyramidYear-1-5*band-d.Below(5), 1, 1+d.Below(365), 0, 0, 0, 0, time.UTC)
	return day.Format("20060102"), d.Below(1000) < agePyramid[band].women
}

// repertoire is what a character set can carry, each more than the one before.
type repertoire int

const (
	ascii repertoire = iota
	latin1
	gb2312
	gbk
	gb18030
	everyLetter
)

// repertoireOf says what the values of (0008,0005) can carry.
func repertoireOf(characterSet []string) repertoire {
	for _, c := range []struct {
		term string
		in   repertoire
	}{{"ISO_IR 192", everyLetter}, {"GB18030", gb18030}, {"GBK", gbk}, {"ISO 2022 IR 58", gb2312}, {"ISO_IR 100", latin1}, {"ISO 2022 IR 100", latin1}} {
		if slices.Contains(characterSet, c.term) {
			return c.in
		}
	}
	return ascii
}

// room is how long a name may be in UTF-8, so that it has 64 bytes at most when it
// is encoded: the escape sequences of ISO 2022 take more than they save.
func (in repertoire) room() int {
	if in == gb2312 {
		return 56
	}
	return 64
}

// people are the groups of Singapore's residents whose names differ.
type people int

const (
	chinese people = iota
	malay
	indian
	others
)

// people draws the group, among those whose names show what the character set
// carries.
func (in repertoire) people(d *draw.Stream) people {
	switch in {
	case everyLetter:
		return []people{indian, indian, indian, indian, chinese, chinese, chinese, chinese, chinese, chinese, others}[d.Below(11)]
	case gb2312, gbk, gb18030:
		return chinese
	case latin1:
		return others
	}
	return resident(d)
}

// resident draws the group by the mix of Singapore's residents, in per cent.
func resident(d *draw.Stream) people {
	switch p := d.Below(100); {
	case p < 74:
		return chinese
	case p < 88:
		return malay
	case p < 97:
		return indian
	}
	return others
}

// nameOf draws the component groups of a name: the alphabetic, and the ideographic
// where it can be carried. A plain one has no trait that lengthens it.
func nameOf(d *draw.Stream, of people, male bool, in repertoire, traits bool) []string {
	switch of {
	case chinese:
		return chineseName(d, male, in, traits)
	case malay:
		return []string{malayName(d, male, traits)}
	case indian:
		return indianName(d, male, in, traits)
	}
	return []string{otherName(d, male, in)}
}
