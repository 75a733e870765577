package enterprise

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // so that zones are the same on every machine, Windows too
	"unicode/utf8"
)

func (e *Enterprise) validateSites(c *problems) {
	if len(e.Sites) == 0 {
		c.add("sites", Problem{What: "holds no site", Expected: "at least one"})
	}
	if e.YearlyExams < 0 {
		c.add("yearly_exams", negative(e.YearlyExams))
	}
	exist, used, shares := e.siteNames(), names{}, 0.0
	hasSystem, allKnown := map[string]bool{}, len(e.Systems) > 0
	for i := range e.Systems {
		site := e.Systems[i].Site
		hasSystem[site] = true
		allKnown = allKnown && site != "" && slices.Contains(exist, site)
	}
	if !allKnown { // a misspelt site is reported there, and nothing follows from it here
		for _, name := range exist {
			hasSystem[name] = true
		}
	}
	for i := range e.Sites {
		s, path := &e.Sites[i], fmt.Sprintf("sites[%d]", i)
		used.check(c, path+".name", s.Name)
		checkEnum(c, path+".kind", s.Kind)
		checkZone(c, path+".time_zone", s.TimeZone)
		shares += e.validateVolume(c, path, s)
		if s.Users.Radiologists < 0 {
			c.add(path+".users.radiologists", negative(int64(s.Users.Radiologists)))
		}
		if s.Users.Clinicians < 0 {
			c.add(path+".users.clinicians", negative(int64(s.Users.Clinicians)))
		}
		if s.Fence != nil {
			validateFence(c, path+".fence", *s.Fence, e.Fence.over(DefaultFence()))
		}
		switch {
		case s.ServedBy == "":
			if c.has(path + ".served_by") {
				c.reference(path+".served_by", "", "site", exist)
			} else if !hasSystem[s.Name] {
				c.add(path, Problem{What: fmt.Sprintf("site %q has no system and is served by no site", clip(s.Name)), Do: "add served_by, or a system with this site"})
			}
		case s.ServedBy == s.Name:
			c.add(path+".served_by", Problem{What: "names the site itself", Expected: "another site", Do: "remove it if the site has systems of its own"})
		case c.reference(path+".served_by", s.ServedBy, "site", exist) && !hasSystem[s.ServedBy]:
			c.add(path+".served_by", Problem{What: fmt.Sprintf("site %q has no system to serve it with", s.ServedBy), Expected: "a site with systems"})
		}
	}
	if shares > 1+1e-9 {
		c.add("sites", Problem{What: fmt.Sprintf("the shares add up to %.6g", shares), Expected: "1 at most"})
	}
}

// validateVolume returns the site's share.
func (e *Enterprise) validateVolume(c *problems, path string, s *Site) float64 {
	if s.YearlyExams < 0 {
		c.add(path+".yearly_exams", negative(s.YearlyExams))
	}
	if s.Share == 0 {
		return 0
	}
	if s.Share < 0 || s.Share > 1 || !finite(s.Share) {
		p := Problem{What: fmt.Sprintf("%v is not a share", s.Share), Expected: "a number from 0 to 1 (0.25 = a quarter)"}
		if s.Share > 1 && s.Share <= 100 {
			p.DidYouMean = fmt.Sprint(s.Share / 100)
		}
		c.add(path+".share", p)
		return 0
	}
	if s.YearlyExams != 0 {
		c.add(path+".share", Problem{What: "yearly_exams is stated too", Expected: "one of them", Do: "remove one"})
	} else if e.YearlyExams == 0 {
		c.add(path+".share", Problem{What: "a share of an unknown number", Expected: "yearly_exams of the whole cluster", Do: "add yearly_exams at the top of the file"})
	}
	return s.Share
}

func negative(n int64) Problem {
	return Problem{What: fmt.Sprintf("%d is negative", n), Expected: "0 or more"}
}

// loadZone returns an IANA zone. It refuses what only this machine would know,
// which time.LoadLocation would take from its own files.
func loadZone(name string) (*time.Location, error) {
	for _, local := range []string{"", "Local", "localtime", "posixrules", "Factory"} {
		if name == local {
			return nil, fmt.Errorf("%q is not an IANA time zone", name)
		}
	}
	if strings.HasPrefix(name, "posix/") || strings.HasPrefix(name, "right/") {
		return nil, fmt.Errorf("%q is not an IANA time zone", name)
	}
	return time.LoadLocation(name)
}

func checkZone(c *problems, path, name string) {
	if _, err := loadZone(name); err == nil {
		return
	}
	p := Problem{What: fmt.Sprintf("%q is not a time zone", clip(name)), Expected: "an IANA name, such as Europe/Zurich"}
	if name == "" {
		p.What = "is empty"
	}
	p.DidYouMean = closest(name, strings.Fields(knownZones))
	c.add(path, p)
}

// knownZones are suggested for a misspelt one. Every IANA zone is accepted.
const knownZones = `UTC Europe/Amsterdam Europe/Athens Europe/Belgrade Europe/Berlin Europe/Bratislava Europe/Brussels
Europe/Bucharest Europe/Budapest Europe/Copenhagen Europe/Dublin Europe/Helsinki Europe/Istanbul Europe/Kyiv
Europe/Lisbon Europe/Ljubljana Europe/London Europe/Luxembourg Europe/Madrid Europe/Malta Europe/Oslo Europe/Paris
Europe/Prague Europe/Riga Europe/Rome Europe/Sofia Europe/Stockholm Europe/Tallinn Europe/Vienna Europe/Vilnius
Europe/Warsaw Europe/Zagreb Europe/Zurich America/Anchorage America/Argentina/Buenos_Aires America/Bogota
America/Chicago America/Denver America/Edmonton America/Halifax America/Lima America/Los_Angeles
America/Mexico_City America/New_York America/Phoenix America/Santiago America/Sao_Paulo America/St_Johns
America/Toronto America/Vancouver America/Winnipeg Africa/Cairo Africa/Johannesburg Africa/Lagos Africa/Nairobi
Asia/Bangkok Asia/Dubai Asia/Ho_Chi_Minh Asia/Hong_Kong Asia/Jakarta Asia/Jerusalem Asia/Karachi Asia/Kolkata
Asia/Kuala_Lumpur Asia/Manila Asia/Riyadh Asia/Seoul Asia/Shanghai Asia/Singapore Asia/Taipei Asia/Tokyo
Australia/Adelaide Australia/Brisbane Australia/Darwin Australia/Hobart Australia/Melbourne Australia/Perth
Australia/Sydney Pacific/Auckland Pacific/Honolulu Atlantic/Reykjavik`

// Limits of the fence. A Patient ID is an LO: 64 characters, no backslash
// (PS3.5 6.2); *, ? would be wildcards in a query (PS3.4 C.2.2.2.4).
const (
	minPrefix     = 4  // shorter, a real Patient ID would begin with it sooner or later
	minIDBits     = 26 // fewer (8 digits hold them), two patients of a run would soon get one Patient ID
	maxPatientID  = 64
	maxNamePrefix = 20 // of 64, the rest is the patient's
	maxUIDRoot    = 24 // of 64, the rest is a hash of 39 digits
)

// validateFence checks what f states; base is what the rest is taken from.
func validateFence(c *problems, path string, f, base Fence) {
	if p := path + ".patient_id_prefix"; f.PatientIDPrefix != "" || c.has(p) {
		if len(f.PatientIDPrefix) < minPrefix {
			c.add(p, Problem{What: fmt.Sprintf("%q is too short to keep real patients out", f.PatientIDPrefix), Expected: fmt.Sprintf("%d characters or more, with which no real Patient ID begins", minPrefix)})
		}
		checkFenceText(c, p, f.PatientIDPrefix)
	}
	if p := path + ".patient_id_format"; f.PatientIDFormat != "" || c.has(p) {
		if idBits(f.PatientIDFormat) < minIDBits {
			c.add(p, Problem{What: fmt.Sprintf("%q leaves too few different Patient IDs", clip(f.PatientIDFormat)), Expected: "at least eight # (a digit), six @ (a letter) or six % (either), so that no two patients get one"})
		}
		checkFenceText(c, p, f.PatientIDFormat)
	}
	whole := f.over(base)
	if n := len(whole.PatientIDPrefix) + len(whole.PatientIDFormat); n > maxPatientID {
		c.add(path, Problem{What: fmt.Sprintf("prefix and format make Patient IDs of %d characters", n), Expected: fmt.Sprintf("%d at most (PS3.5 6.2, LO)", maxPatientID)})
	}
	if p := path + ".issuer"; f.Issuer != "" || c.has(p) {
		checkFenceText(c, p, f.Issuer)
		if utf8.RuneCountInString(f.Issuer) > maxPatientID {
			c.add(p, Problem{What: "is too long", Expected: fmt.Sprintf("%d characters at most (PS3.5 6.2, LO)", maxPatientID)})
		}
	}
	if p := path + ".name_prefix"; f.NamePrefix != "" || c.has(p) {
		checkFenceText(c, p, f.NamePrefix)
		if len(f.NamePrefix) < minPrefix || len(f.NamePrefix) > maxNamePrefix {
			c.add(p, Problem{What: fmt.Sprintf("%q is too short or too long", clip(f.NamePrefix)), Expected: fmt.Sprintf("%d to %d letters that nobody takes for a name", minPrefix, maxNamePrefix)})
		}
	}
	if p := path + ".uid_root"; f.UIDRoot != "" || c.has(p) {
		checkUIDRoot(c, p, f.UIDRoot)
	}
}

// idBits returns how many bits the variable characters of a format hold, rounded
// down; ! holds none that can be counted on.
func idBits(format string) int {
	bits := 0.0
	for _, r := range format {
		switch r {
		case '#':
			bits += math.Log2(10)
		case '@':
			bits += math.Log2(26)
		case '%':
			bits += 5
		}
	}
	return int(bits)
}

// checkFenceText keeps to characters that every character set, query and file
// name takes as they are.
func checkFenceText(c *problems, path, s string) {
	if s == "" || s != strings.TrimSpace(s) {
		c.add(path, Problem{What: "is empty, or begins or ends with a space", Expected: "letters and digits"})
		return
	}
	for _, r := range s {
		if r < ' ' || r > '~' || strings.ContainsRune(`\^=*?"`, r) {
			c.add(path, Problem{What: fmt.Sprintf("holds %q", r), Expected: `plain letters, digits and punctuation, none of \ ^ = * ? "`})
			return
		}
	}
}

// checkUIDRoot checks PS3.5 9.1: components of digits without leading zeros.
func checkUIDRoot(c *problems, path, root string) {
	bad := len(root) > maxUIDRoot || !strings.Contains(root, ".")
	for i, part := range strings.Split(root, ".") {
		bad = bad || part == "" || len(part) > 1 && part[0] == '0' || strings.Trim(part, "0123456789") != ""
		bad = bad || i == 0 && part > "2"
	}
	if bad {
		c.add(path, Problem{What: fmt.Sprintf("%q is not a UID root", clip(root)), Expected: fmt.Sprintf("2.25, or numbers joined by dots, without leading zeros, %d characters at most (PS3.5 9.1)", maxUIDRoot)})
	}
}
