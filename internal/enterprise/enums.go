package enterprise

// enum is a string type with a fixed set of values. Implementing it is all that
// parsing, suggestions and the JSON Schema need.
type enum interface{ values() []string }

// SiteKind is the kind of a facility.
type SiteKind string

// The kinds of sites.
const (
	MajorHospital     SiteKind = "major-hospital"
	CommunityHospital SiteKind = "community-hospital"
	SpecialistCentre  SiteKind = "specialist-centre"
	PrimaryCare       SiteKind = "primary-care"
	DRSite            SiteKind = "dr-site"
)

func (SiteKind) values() []string {
	return []string{string(MajorHospital), string(CommunityHospital), string(SpecialistCentre), string(PrimaryCare), string(DRSite)}
}

// Role is what a system is to its cluster.
type Role string

// The roles of systems.
const (
	Prod Role = "prod" // production: what the hospital works with
	BK   Role = "bk"   // the production system's backup, upgraded before it
	DR   Role = "dr"   // disaster recovery: central archive and image distribution
)

func (Role) values() []string { return []string{string(Prod), string(BK), string(DR)} }

// LinkKind is what a system does towards another by itself.
type LinkKind string

// The kinds of links. The first two carry writes on; see [Enterprise.WriteReach].
const (
	ReplicatesTo  LinkKind = "replicates-to"  // keeps the other a copy of itself
	ForwardsTo    LinkKind = "forwards-to"    // sends what it receives on
	FederatesWith LinkKind = "federates-with" // passes queries on and merges the answers
	DirectAccess  LinkKind = "direct-access"  // retrieves from the other on demand
)

func (LinkKind) values() []string {
	return []string{string(ReplicatesTo), string(ForwardsTo), string(FederatesWith), string(DirectAccess)}
}

// CarriesWrites reports whether what is written to the link's start goes on to
// its end without being asked for.
func (k LinkKind) CarriesWrites() bool { return k == ReplicatesTo || k == ForwardsTo }
