package synth

import (
	"fmt"
	"strings"
)

// Equipment is what made a study, PS3.3 C.7.5.1. What is empty is filled in; no
// field says anything that could be a real hospital's.
type Equipment struct {
	Institution     string // Institution Name; may use the study's character set
	Station         string // Station Name, at most 16 characters
	Manufacturer    string
	Model           string // Manufacturer's Model Name
	SerialNumber    string // Device Serial Number
	SoftwareVersion string
}

// EquipmentAt returns the equipment of a room at a site: the same each time it is
// asked for, another in another room. Rooms count from 1.
func EquipmentAt(site, modality string, room int) Equipment {
	name := strings.ToUpper(site)
	short := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, name)
	return Equipment{
		Institution:     "SYNTHETIC " + cutRunes(name, 40),
		Station:         fmt.Sprintf("%.8s%.3s%02d", short, modality, room%100),
		Model:           fmt.Sprintf("SYNTHETIC %s %d00", modality, room%9+1),
		SerialNumber:    fmt.Sprintf("SYN%05d", room),
		SoftwareVersion: fmt.Sprintf("%d.%d", room%3+1, room%10),
	}
}

// complete fills in what is empty. The institution's name is in the study's
// script, so that a text that is not a name shows the character set too.
func (e *Equipment) complete(modality string, characterSet []string) error {
	fill := func(s *string, v string) {
		if *s == "" {
			*s = v
		}
	}
	fill(&e.Institution, institution(characterSet))
	fill(&e.Station, "SYNTH-"+modality)
	fill(&e.Manufacturer, "PACSUAT")
	fill(&e.Model, "SYNTHETIC "+modality)
	fill(&e.SerialNumber, "0001")
	fill(&e.SoftwareVersion, "1")
	if len(e.Station) > 16 || !plainText(e.Station) {
		return fmt.Errorf("synth: station %q is not an SH of at most 16 characters", e.Station)
	}
	for _, s := range []string{e.Institution, e.Manufacturer, e.Model, e.SerialNumber, e.SoftwareVersion} {
		if len([]rune(s)) > 64 || !printable(s) {
			return fmt.Errorf("synth: %q of the equipment is not an LO of at most 64 characters", s)
		}
	}
	return nil
}

func institution(characterSet []string) string {
	for _, term := range characterSet {
		switch term {
		case "ISO_IR 192":
			return "SYNTHETIC 合成医院 மருத்துவமனை"
		case "GB18030", "GBK", "ISO 2022 IR 58":
			return "SYNTHETIC HOSPITAL 合成医院"
		case "ISO_IR 100", "ISO 2022 IR 100":
			return "SYNTHETIC HÔPITAL GÉNÉRAL"
		}
	}
	return "SYNTHETIC HOSPITAL"
}
