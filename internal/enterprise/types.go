package enterprise

// The comments below are also the descriptions in the JSON Schema: they are
// written to the administrator who fills in the file.

// Enterprise is a cluster of hospitals and the PACS that serve them.
type Enterprise struct {
	// The cluster's name, as it shall appear on reports.
	Name string `yaml:"name"`
	// Exams a year in the whole cluster. Needed only where sites state a share
	// instead of a number.
	YearlyExams int64 `yaml:"yearly_exams,omitempty" jsonschema:"minimum=0"`
	// The harness itself: what the systems under test know it by.
	Harness Harness `yaml:"harness"`
	// What marks a synthetic patient and object as such, everywhere.
	Fence Fence `yaml:"fence,omitempty"`
	// Hospitals and facilities, with or without systems of their own.
	Sites []Site `yaml:"sites"`
	// The PACS.
	Systems []System `yaml:"systems"`
	// What the systems pass to, or ask of, each other by themselves.
	Links []Link `yaml:"links,omitempty"`

	// source knows the lines of a parsed description; nil for one made in Go.
	source *source
}

// Harness is how the harness appears to the systems under test. They must have
// it registered, as they have every modality.
type Harness struct {
	// The harness's registered AE title: it calls with it and receives what it
	// asks to be moved under it.
	AETitle string `yaml:"ae_title" jsonschema:"minLength=1,maxLength=16"`
	// Address (host:port) at which the harness listens for what the systems send
	// to it. Host 0.0.0.0 or [::] means every interface. Port 0 means any free
	// port, and is possible only while every system is on this machine.
	Listen string `yaml:"listen" jsonschema:"minLength=1"`
	// Address (host:port) at which the systems reach the harness, where that is
	// another than listen (address translation).
	Advertise string `yaml:"advertise,omitempty"`
	// An AE title that no system may know: used to prove that unknown callers
	// and unknown destinations are refused.
	UnknownAETitle string `yaml:"unknown_ae_title,omitempty" jsonschema:"maxLength=16"`
}

// Fence marks whatever the harness creates, so that it can be told from
// patients' data by a person, a query and a clean-up.
type Fence struct {
	// Every synthetic Patient ID begins with it, and no real one may.
	PatientIDPrefix string `yaml:"patient_id_prefix,omitempty" jsonschema:"maxLength=32"`
	// What follows the prefix: # is a digit, @ a capital letter, % either (without
	// I, L, O, U), ! a letter that no national ID has as its check letter there;
	// everything else stands for itself.
	PatientIDFormat string `yaml:"patient_id_format,omitempty" jsonschema:"maxLength=60"`
	// Issuer of Patient ID of every synthetic patient.
	Issuer string `yaml:"issuer,omitempty" jsonschema:"maxLength=64"`
	// Root of every UID that the harness makes: 2.25, or a root of your own.
	UIDRoot string `yaml:"uid_root,omitempty" jsonschema:"maxLength=24,pattern=^[0-2](\\.(0|[1-9][0-9]*))+$"`
	// Every synthetic patient's family name begins with it, for all to see.
	NamePrefix string `yaml:"name_prefix,omitempty" jsonschema:"maxLength=20"`
}

// Site is a hospital or facility.
type Site struct {
	// Short name, unique among the sites: letters, digits, - and _.
	Name string `yaml:"name" jsonschema:"minLength=1,maxLength=40"`
	// Full name for reports.
	Title string `yaml:"title,omitempty"`
	// What kind of facility it is.
	Kind SiteKind `yaml:"kind"`
	// IANA time zone in which its studies are dated, such as Europe/Zurich.
	TimeZone string `yaml:"time_zone" jsonschema:"minLength=1"`
	// The site whose systems serve it, where it has none of its own.
	ServedBy string `yaml:"served_by,omitempty"`
	// Exams a year.
	YearlyExams int64 `yaml:"yearly_exams,omitempty" jsonschema:"minimum=0"`
	// Share of the cluster's yearly exams (0.25 = a quarter), instead of a number.
	Share float64 `yaml:"share,omitempty" jsonschema:"minimum=0,maximum=1"`
	// People who work with the PACS there.
	Users Users `yaml:"users,omitempty"`
	// Where this site's synthetic patients must look otherwise than the
	// cluster's; what is left out is as in the cluster.
	Fence *Fence `yaml:"fence,omitempty"`
}

// Users are the people of a site who work with the PACS.
type Users struct {
	// Radiologists who report.
	Radiologists int `yaml:"radiologists,omitempty" jsonschema:"minimum=0"`
	// Clinicians and technologists.
	Clinicians int `yaml:"clinicians,omitempty" jsonschema:"minimum=0"`
}

// System is one PACS.
type System struct {
	// Short name, unique among the systems: letters, digits, - and _.
	Name string `yaml:"name" jsonschema:"minLength=1,maxLength=40"`
	// Full name for reports, with product and version.
	Title string `yaml:"title,omitempty"`
	// The site where it stands.
	Site string `yaml:"site" jsonschema:"minLength=1"`
	// Production (prod), its backup (bk), or the cluster's archive for disaster
	// recovery (dr).
	Role Role `yaml:"role"`
	// Whether patients depend on it now. If left out: prod and dr are live, bk is
	// not. Nothing is written to a live system, directly or over links, unless a
	// run allows it by name and volume.
	Live *bool `yaml:"live,omitempty"`
	// Whether a prod may be tested at all, if the run says --allow-prod too.
	UATAllowed bool `yaml:"uat_allowed,omitempty"`
	// How it is reached, service by service.
	Endpoints Endpoints `yaml:"endpoints,omitempty"`
	// The destinations that it has registered for moves, besides the harness.
	MoveTable []MoveDestination `yaml:"move_table,omitempty"`
	// What it does not offer, and why. It is reported, and not tested.
	NotApplicable []NotApplicable `yaml:"not_applicable,omitempty"`
	// How much of it the harness may use at once.
	Budget Budget `yaml:"budget,omitempty"`
}

// Endpoints says how a system is reached. The services of one system may have
// different AE titles, hosts and ports. A service that is left out is not tested.
type Endpoints struct {
	// Storage and verification: where modalities send to.
	Store *DICOMEndpoint `yaml:"store,omitempty"`
	// Query and retrieve.
	QueryRetrieve *DICOMEndpoint `yaml:"query_retrieve,omitempty"`
	// Modality worklist and performed procedure steps.
	Worklist *DICOMEndpoint `yaml:"worklist,omitempty"`
	// Storage commitment.
	Commitment *DICOMEndpoint `yaml:"commitment,omitempty"`
	// DICOMweb (STOW-RS, QIDO-RS, WADO-RS).
	DICOMweb *WebEndpoint `yaml:"dicomweb,omitempty"`
	// HL7 v2 over MLLP.
	HL7 *HL7Endpoint `yaml:"hl7,omitempty"`
}

// DICOMEndpoint is where a DICOM application entity accepts associations.
type DICOMEndpoint struct {
	// Its AE title: 1 to 16 characters. A prod and its bk may share one.
	AETitle string `yaml:"ae_title" jsonschema:"minLength=1,maxLength=16"`
	// Name or IP address, without a port.
	Host string `yaml:"host" jsonschema:"minLength=1,maxLength=253"`
	// TCP port.
	Port int `yaml:"port" jsonschema:"minimum=1,maximum=65535"`
	// Present = the connection is secured by TLS; {} = with this machine's
	// certificate authorities and no certificate of the harness.
	TLS *TLS `yaml:"tls,omitempty"`
}

// WebEndpoint is where DICOMweb services are offered.
type WebEndpoint struct {
	// Root of the services, such as https://pacs.example.org/dicom-web.
	URL string `yaml:"url" jsonschema:"minLength=1"`
	// Reference to the value of the Authorization header (Bearer ..., Basic ...).
	Authorization Secret `yaml:"authorization,omitempty"`
	// Certificates, where an https URL needs others than this machine's.
	TLS *TLS `yaml:"tls,omitempty"`
}

// HL7Endpoint is where a system accepts HL7 v2 messages (MLLP).
type HL7Endpoint struct {
	// Name or IP address, without a port.
	Host string `yaml:"host" jsonschema:"minLength=1,maxLength=253"`
	// TCP port.
	Port int `yaml:"port" jsonschema:"minimum=1,maximum=65535"`
	// Present = the connection is secured by TLS.
	TLS *TLS `yaml:"tls,omitempty"`
}

// TLS says how a connection is secured. Its secrets are references: see Secret.
type TLS struct {
	// Certificate authorities (PEM) that the system's certificate is checked
	// against. If left out: this machine's.
	CA Secret `yaml:"ca,omitempty"`
	// The harness's own certificate (PEM), where the system asks for one.
	Certificate Secret `yaml:"certificate,omitempty"`
	// The private key (PEM) of the certificate.
	Key Secret `yaml:"key,omitempty"`
	// The name that the system's certificate must bear, where that is not host.
	ServerName string `yaml:"server_name,omitempty"`
}

// MoveDestination is one line of a system's table of destinations (C-MOVE).
type MoveDestination struct {
	// AE title that a C-MOVE names.
	AETitle string `yaml:"ae_title" jsonschema:"minLength=1,maxLength=16"`
	// Name or IP address that the system then sends to.
	Host string `yaml:"host" jsonschema:"minLength=1,maxLength=253"`
	// TCP port that the system then sends to.
	Port int `yaml:"port" jsonschema:"minimum=1,maximum=65535"`
}

// NotApplicable declares scenarios that do not apply to a system: those listed
// and those that the tags select.
type NotApplicable struct {
	// Exact IDs of scenarios, as the plan prints them.
	Scenarios []string `yaml:"scenarios,omitempty"`
	// Tag expression, such as "@worklist and not @slow".
	Tags string `yaml:"tags,omitempty"`
	// Why, for whoever decides on GO: with the place in the vendor's
	// documentation (the DICOM Conformance Statement) that says so.
	Reason string `yaml:"reason" jsonschema:"minLength=1"`
}

// Budget limits what the harness does to a system at once.
type Budget struct {
	// Associations open at a time. If left out: 10.
	MaxAssociations int `yaml:"max_associations,omitempty" jsonschema:"minimum=1"`
	// Requests a second. If left out: 2 for a live system, else without limit.
	RequestsPerSecond float64 `yaml:"requests_per_second,omitempty" jsonschema:"minimum=0"`
}

// Link is something that one system does towards another by itself.
type Link struct {
	// The system that acts.
	From string `yaml:"from" jsonschema:"minLength=1"`
	// The system that it sends to or asks.
	To string `yaml:"to" jsonschema:"minLength=1"`
	// What it does.
	Kind LinkKind `yaml:"kind"`
	// The link is switched off for the test: writes stop here. The harness makes
	// sure with one object first, and does not test the link itself.
	SuspendedForUAT bool `yaml:"suspended_for_uat,omitempty"`
	// A forwards-to link that does not send on what another system replicated to
	// its start, because that system forwards it itself. Whether it really does
	// not is not relied on: what writes reach is computed as if it did.
	SkipsReplicas bool `yaml:"skips_replicas,omitempty"`
}
