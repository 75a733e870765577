package enterprise

import (
	"net"
	"slices"
	"strconv"
	"time"
)

// System returns the system of that name, nil if there is none.
func (e *Enterprise) System(name string) *System {
	i := slices.IndexFunc(e.Systems, func(s System) bool { return s.Name == name })
	if i < 0 {
		return nil
	}
	return &e.Systems[i]
}

// Site returns the site of that name, nil if there is none.
func (e *Enterprise) Site(name string) *Site {
	i := slices.IndexFunc(e.Sites, func(s Site) bool { return s.Name == name })
	if i < 0 {
		return nil
	}
	return &e.Sites[i]
}

// Link returns the link of that name ("A->B"), nil if there is none.
func (e *Enterprise) Link(name string) *Link {
	i := slices.IndexFunc(e.Links, func(l Link) bool { return l.Name() == name })
	if i < 0 {
		return nil
	}
	return &e.Links[i]
}

// LinksFrom returns the links that start at a system, in the order of the
// description.
func (e *Enterprise) LinksFrom(system string) []Link {
	var links []Link
	for _, l := range e.Links {
		if l.From == system {
			links = append(links, l)
		}
	}
	return links
}

// SystemsByAETitle returns the names of the systems that have the AE title at
// one of their endpoints. They can be several: a prod and its bk may share one.
func (e *Enterprise) SystemsByAETitle(ae string) []string {
	var names []string
	for i := range e.Systems {
		for _, d := range e.Systems[i].Endpoints.DICOM() {
			if d.Endpoint.AETitle == ae {
				names = append(names, e.Systems[i].Name)
				break
			}
		}
	}
	return names
}

// ExamsOf returns the exams a year of a site, from its number or its share; 0
// if it states neither.
func (e *Enterprise) ExamsOf(s *Site) int64 {
	if s.YearlyExams != 0 {
		return s.YearlyExams
	}
	return int64(s.Share*float64(e.YearlyExams) + 0.5)
}

// IsLive reports whether patients depend on the system: as declared, else true
// for prod and dr and false for bk.
func (s *System) IsLive() bool {
	if s.Live != nil {
		return *s.Live
	}
	return s.Role != BK
}

// Name returns the link's name, "A->B".
func (l Link) Name() string { return l.From + "->" + l.To }

// Service is a DICOM service that a system has an endpoint for, by its key in
// the description.
type Service string

// The DICOM services.
const (
	Store         Service = "store"
	QueryRetrieve Service = "query_retrieve"
	Worklist      Service = "worklist"
	Commitment    Service = "commitment"
)

// ServiceEndpoint is the endpoint of one service.
type ServiceEndpoint struct {
	Service  Service
	Endpoint *DICOMEndpoint
}

// DICOM returns the DICOM endpoints that are declared, in a fixed order. They
// are the description's own, not copies.
func (e *Endpoints) DICOM() []ServiceEndpoint {
	all := []ServiceEndpoint{{Store, e.Store}, {QueryRetrieve, e.QueryRetrieve}, {Worklist, e.Worklist}, {Commitment, e.Commitment}}
	return slices.DeleteFunc(all, func(s ServiceEndpoint) bool { return s.Endpoint == nil })
}

// Address returns host:port.
func (d *DICOMEndpoint) Address() string { return net.JoinHostPort(d.Host, strconv.Itoa(d.Port)) }

// Address returns host:port.
func (d MoveDestination) Address() string { return net.JoinHostPort(d.Host, strconv.Itoa(d.Port)) }

// Address returns host:port.
func (h *HL7Endpoint) Address() string { return net.JoinHostPort(h.Host, strconv.Itoa(h.Port)) }

// Location returns the site's time zone. The IANA database is built in, so that
// it does not depend on the machine.
func (s *Site) Location() (*time.Location, error) { return loadZone(s.TimeZone) }
