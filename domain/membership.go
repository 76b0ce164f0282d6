package domain

// RecordMembership asks to record which practices belong to a network, from when, and until when if that is known. A
// membership recorded again with the same practice, network and first day takes the new last day.
type RecordMembership struct {
	Network Body     `json:"network"`
	Members []Member `json:"members"`
	Source  Source   `json:"source"`
}

// A Member is a practice's time in a network. To is its last day, inclusive; zero while it goes on.
type Member struct {
	Practice Body `json:"practice"`
	From     Date `json:"from"`
	To       Date `json:"to,omitzero"`
}

// MembershipRecorded says which practices belong to a network.
type MembershipRecorded struct {
	Network Body     `json:"network"`
	Members []Member `json:"members"`
	Source  Source   `json:"source"`
}

// A Source says where a fact comes from, so that anyone can look it up.
type Source struct {
	Title   string `json:"title"`
	File    string `json:"file,omitzero"`    // its name, without a folder
	SHA256  string `json:"sha256,omitzero"`  // of the file's bytes, lower-case hex
	Address string `json:"address,omitzero"` // where it is published
	Licence string `json:"licence,omitzero"`
	Note    string `json:"note,omitzero"` // what is assumed about it
}
