package enterprise

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

func (e *Enterprise) validateHarness(c *problems) {
	h := e.Harness
	checkAETitle(c, "harness.ae_title", h.AETitle)
	checkListen(c, "harness.listen", h.Listen, true)
	if h.Advertise != "" || c.has("harness.advertise") {
		checkListen(c, "harness.advertise", h.Advertise, false)
	}
	if _, port, err := net.SplitHostPort(h.Listen); err == nil && port == "0" && !e.onThisMachine() {
		c.add("harness.listen", Problem{What: "port 0 (any free port)", Expected: "the port that the systems have registered for the harness", Do: "agree on a port with whoever administers the systems"})
	}
	e.validateUnknownAETitle(c)
}

// validateUnknownAETitle holds the default, too, to being unknown.
func (e *Enterprise) validateUnknownAETitle(c *problems) {
	const path = "harness.unknown_ae_title"
	unknown := e.Harness.UnknownAETitle
	if unknown == "" && !c.has(path) {
		unknown = DefaultUnknownAETitle
	}
	checkAETitle(c, path, unknown)
	known := unknown == e.Harness.AETitle || len(e.SystemsByAETitle(unknown)) > 0
	for i := range e.Systems {
		for _, m := range e.Systems[i].MoveTable {
			known = known || m.AETitle == unknown
		}
	}
	if known {
		c.add(path, Problem{What: fmt.Sprintf("%q is known in this cluster", clip(unknown)), Expected: "an AE title that no system knows"})
	}
}

// onThisMachine reports whether every system is reached by loopback, so that it
// may be told the harness's port at run time.
func (e *Enterprise) onThisMachine() bool {
	for i := range e.Systems {
		for _, d := range e.Systems[i].Endpoints.DICOM() {
			if !loopback(d.Endpoint.Host) {
				return false
			}
		}
	}
	return true
}

func loopback(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap().IsLoopback()
	}
	return strings.EqualFold(host, "localhost")
}

// checkAETitle checks VR AE (PS3.5 6.2): the default character repertoire
// without control characters and backslash, 1 to 16 of them, not all spaces.
// Spaces at the ends mean nothing there, so they are refused here.
func checkAETitle(c *problems, path, ae string) {
	const rule = "1 to 16 plain letters, digits and punctuation without backslash (PS3.5 6.2, AE)"
	switch bad := strings.IndexFunc(ae, func(r rune) bool { return r < ' ' || r > '~' || r == '\\' }); {
	case blank(ae):
		c.add(path, Problem{What: "is empty or all spaces", Expected: rule})
	case bad >= 0:
		c.add(path, Problem{What: fmt.Sprintf("%q holds a character that an AE title can't", clip(ae)), Expected: rule})
	case ae != strings.TrimSpace(ae):
		c.add(path, Problem{What: fmt.Sprintf("%q begins or ends with a space, which means nothing in an AE title", clip(ae)), Expected: rule, DidYouMean: strings.TrimSpace(ae)})
	case len(ae) > 16:
		c.add(path, Problem{What: fmt.Sprintf("%q has %d characters", clip(ae), len(ae)), Expected: rule, Do: "look up how it is registered; the standard allows no longer one"})
	}
}

// checkListen checks host:port.
func checkListen(c *problems, path, address string, listen bool) {
	if blank(address) {
		c.add(path, Problem{What: "is empty", Expected: "host:port, such as 10.1.2.3:11112"})
		return
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		c.add(path, Problem{What: fmt.Sprintf("%q is not host:port", clip(address)), Expected: "such as 10.1.2.3:11112 or [fe80::1]:11112"})
		return
	}
	// ParseUint takes no sign, and only digits.
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 && !listen {
		c.add(path, badPort(port))
		return
	}
	if a, err := netip.ParseAddr(host); host == "" || err == nil && a.IsUnspecified() {
		if !listen {
			c.add(path, Problem{What: fmt.Sprintf("%q names no machine", clip(address)), Expected: "the address at which the systems reach the harness"})
		} else if host == "" {
			c.add(path, Problem{What: "the host is left out", Expected: "host:port", DidYouMean: "0.0.0.0:" + port})
		}
		return
	}
	checkHost(c, path, host)
}

func badPort(port string) Problem {
	return Problem{What: fmt.Sprintf("%q is not a port", clip(port)), Expected: "a whole number from 1 to 65535"}
}

// hostLabel is one part of a host name (RFC 1123 2.1, and the underscore that
// Windows networks use).
var hostLabel = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$`)

func checkHost(c *problems, path, host string) {
	const rule = "a name or IP address, without port"
	if a, err := netip.ParseAddr(host); err == nil {
		if a.IsUnspecified() || a.IsMulticast() {
			c.add(path, Problem{What: fmt.Sprintf("%s names no machine", host), Expected: rule})
		}
		return
	}
	name := strings.TrimSuffix(host, ".")
	labels := strings.Split(name, ".")
	ok := len(host) <= 253
	for _, l := range labels {
		ok = ok && hostLabel.MatchString(l)
	}
	// A name whose last part is a number is an address with a mistake in it.
	if _, err := strconv.Atoi(labels[len(labels)-1]); err == nil {
		ok = false
	}
	if ok {
		return
	}
	p := Problem{What: fmt.Sprintf("%q is not a host", clip(host)), Expected: rule}
	if blank(host) {
		p.What = "is empty"
	} else if strings.Contains(host, "://") {
		p.Do = "leave out what is before the name and behind it"
	} else if h, _, err := net.SplitHostPort(host); err == nil {
		p.DidYouMean, p.Do = h, "write the port under port"
	}
	c.add(path, p)
}

func checkPort(c *problems, path string, port int) {
	if port < 1 || port > 65535 {
		c.add(path, badPort(strconv.Itoa(port)))
	}
}

func validateEndpoints(c *problems, path string, s *System) {
	e := &s.Endpoints
	dicom := e.DICOM()
	if len(dicom) == 0 && e.DICOMweb == nil && e.HL7 == nil && s.Role != Prod {
		c.add(path, Problem{What: "no endpoint", Expected: "at least one of store, query_retrieve, worklist, commitment, dicomweb, hl7", Do: "say how the system is reached; it is to be tested"})
	}
	for _, d := range dicom {
		p := join(path, string(d.Service))
		checkAETitle(c, p+".ae_title", d.Endpoint.AETitle)
		checkHost(c, p+".host", d.Endpoint.Host)
		checkPort(c, p+".port", d.Endpoint.Port)
		validateTLS(c, p+".tls", d.Endpoint.TLS)
	}
	if w := e.DICOMweb; w != nil {
		checkURL(c, path+".dicomweb.url", w.URL)
		checkSecret(c, path+".dicomweb.authorization", w.Authorization)
		validateTLS(c, path+".dicomweb.tls", w.TLS)
	}
	if h := e.HL7; h != nil {
		checkHost(c, path+".hl7.host", h.Host)
		checkPort(c, path+".hl7.port", h.Port)
		validateTLS(c, path+".hl7.tls", h.TLS)
	}
}

// checkURL never repeats the URL: it may hold a password.
func checkURL(c *problems, path, raw string) {
	const example = "http:// or https://, a host and a path, such as https://pacs.example.org/dicom-web"
	u, err := url.Parse(raw)
	switch {
	case blank(raw):
		c.add(path, Problem{What: "is empty", Expected: example})
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		c.add(path, Problem{What: "not the address of a web service", Expected: example})
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		c.add(path, Problem{What: "holds a user, password, query or fragment (not shown)", Expected: example, Do: "put what authorises the harness under authorization, as env:NAME or file:PATH"})
	default:
		checkHost(c, path, u.Hostname())
		if port := u.Port(); port != "" {
			if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
				c.add(path, badPort(port))
			}
		}
	}
}

// checkSecret is for descriptions made in Go; parsing has checked it in a file.
func checkSecret(c *problems, path string, s Secret) {
	if _, _, ok := s.parts(); s != "" && !ok {
		c.add(path, badSecret())
	}
}

func validateTLS(c *problems, path string, t *TLS) {
	if t == nil {
		return
	}
	checkSecret(c, path+".ca", t.CA)
	checkSecret(c, path+".certificate", t.Certificate)
	checkSecret(c, path+".key", t.Key)
	if (t.Certificate == "") != (t.Key == "") && !c.seen[path+".certificate"] && !c.seen[path+".key"] {
		c.add(path, Problem{What: "one of certificate and key without the other", Expected: "both or neither"})
	}
	if t.ServerName != "" || c.has(path+".server_name") {
		checkHost(c, path+".server_name", t.ServerName)
	}
}

// place is where an association goes: what must not be two systems.
type place struct {
	host    string
	port    int
	aeTitle string
}

func newPlace(ae, host string, port int) place {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if a, err := netip.ParseAddr(host); err == nil {
		host = a.Unmap().String()
	}
	return place{host: host, port: port, aeTitle: ae}
}

// validateAddresses finds two systems at one place: whichever was meant, the
// other one's column would show its results. The services of one system may
// share a place, and systems may share an AE title.
func (e *Enterprise) validateAddresses(c *problems) {
	type owner struct {
		system int
		path   string
	}
	owners := map[place]owner{}
	for i := range e.Systems {
		for _, d := range e.Systems[i].Endpoints.DICOM() {
			path := fmt.Sprintf("systems[%d].endpoints.%s", i, d.Service)
			p := newPlace(d.Endpoint.AETitle, d.Endpoint.Host, d.Endpoint.Port)
			if p.host == "" || p.port == 0 || p.aeTitle == "" {
				continue // reported already
			}
			if first, ok := owners[p]; !ok {
				owners[p] = owner{i, path}
			} else if first.system != i {
				c.add(path, Problem{
					What:     fmt.Sprintf("%s at %s is system %s already%s", clip(p.aeTitle), d.Endpoint.Address(), clip(e.Systems[first.system].Name), c.at(first.path)),
					Expected: "no two systems with the same AE title, host and port",
					Do:       "correct whichever was copied; two systems may share an AE title, but not at one address",
				})
			}
		}
	}
}

// validateMoveTable finds an AE title that a move could take two ways. The
// harness belongs to every table, at the address that systems reach it by.
func (e *Enterprise) validateMoveTable(c *problems, path string, table []MoveDestination) {
	known := map[string]place{}
	where := map[string]string{}
	if host, port, err := net.SplitHostPort(e.Harness.Advertise); err == nil {
		n, _ := strconv.Atoi(port)
		known[e.Harness.AETitle] = newPlace(e.Harness.AETitle, host, n)
		where[e.Harness.AETitle] = "harness.advertise"
	}
	for i, m := range table {
		p := fmt.Sprintf("%s[%d]", path, i)
		checkAETitle(c, p+".ae_title", m.AETitle)
		checkHost(c, p+".host", m.Host)
		checkPort(c, p+".port", m.Port)
		here := newPlace(m.AETitle, m.Host, m.Port)
		there, ok := known[m.AETitle]
		switch {
		case m.AETitle == "":
		case !ok:
			known[m.AETitle], where[m.AETitle] = here, p
		case there == here && where[m.AETitle] != "harness.advertise":
			c.add(p, Problem{What: fmt.Sprintf("%q is in the table already%s", clip(m.AETitle), c.at(where[m.AETitle])), Do: "remove one of them"})
		case there != here:
			c.add(p, Problem{
				What:     fmt.Sprintf("%q has a second meaning; the first is %s%s", clip(m.AETitle), net.JoinHostPort(there.host, strconv.Itoa(there.port)), c.at(where[m.AETitle])),
				Expected: "one address for an AE title in one table",
				Do:       "give one of the destinations another AE title",
			})
		}
	}
}
