package enterprise

// Values of what a description leaves out.
const (
	DefaultUnknownAETitle        = "NOTREGISTERED"
	DefaultMaxAssociations       = 10
	DefaultLiveRequestsPerSecond = 2
)

// DefaultFence is the fence of a cluster that declares none. Its Patient IDs
// hold 60 random bits, so that no two patients get the same one.
func DefaultFence() Fence {
	return Fence{
		PatientIDPrefix: "ZZTEST",
		PatientIDFormat: "%%%%%%%%%%%%",
		Issuer:          "PACSUAT-SYNTHETIC",
		UIDRoot:         "2.25",
		NamePrefix:      "ZZTEST",
	}
}

// ApplyDefaults fills in what was left out. Parse has done it; a description
// made in Go wants it before use.
func (e *Enterprise) ApplyDefaults() {
	if e.Harness.UnknownAETitle == "" {
		e.Harness.UnknownAETitle = DefaultUnknownAETitle
	}
	e.Fence = e.Fence.over(DefaultFence())
	for i := range e.Systems {
		s := &e.Systems[i]
		if s.Budget.MaxAssociations == 0 {
			s.Budget.MaxAssociations = DefaultMaxAssociations
		}
		if s.Budget.RequestsPerSecond == 0 && s.IsLive() {
			s.Budget.RequestsPerSecond = DefaultLiveRequestsPerSecond
		}
	}
}

// over returns f with what it leaves out taken from base.
func (f Fence) over(base Fence) Fence {
	pick := func(v *string, d string) {
		if *v == "" {
			*v = d
		}
	}
	pick(&f.PatientIDPrefix, base.PatientIDPrefix)
	pick(&f.PatientIDFormat, base.PatientIDFormat)
	pick(&f.Issuer, base.Issuer)
	pick(&f.UIDRoot, base.UIDRoot)
	pick(&f.NamePrefix, base.NamePrefix)
	return f
}

// FenceOf returns the fence of a site: the cluster's, with what the site
// declares otherwise. An unknown site has the cluster's.
func (e *Enterprise) FenceOf(site string) Fence {
	base := e.Fence.over(DefaultFence())
	if s := e.Site(site); s != nil && s.Fence != nil {
		return s.Fence.over(base)
	}
	return base
}
