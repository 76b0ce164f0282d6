package domain

// ClaimUplift asks to record a network's claim for what a maximum that was raised with effect from an earlier day makes of
// claims that were approved: the staff are paid first, and one claim settles the difference. The claims stay as they are.
// It goes through verification and approval as any claim does.
type ClaimUplift struct {
	Network     Body         `json:"network"`
	Reference   string       `json:"reference"`
	Declaration bool         `json:"declaration"` // the network declares that the staff were paid
	Notes       string       `json:"notes,omitzero"`
	Lines       []UpliftLine `json:"lines"`
}

// An UpliftLine is what one person was paid more for one month.
type UpliftLine struct {
	Person Person   `json:"person"`
	Role   RateCode `json:"role,omitzero"` // where the person was in two roles in the month
	Month  Service  `json:"month"`
	Costs
}

// UpliftClaimed says what a network claimed for an uplift. The claim goes by the number of this event.
type UpliftClaimed struct {
	Network     Body         `json:"network"`
	Reference   string       `json:"reference"`
	Declaration bool         `json:"declaration"`
	Notes       string       `json:"notes,omitzero"`
	Lines       []UpliftLine `json:"lines"`
}

func (c ClaimUplift) decide(l *Ledger, m moment) (Event, error) { panic("ClaimUplift") }

func (l *Ledger) claimUplift(r Recorded, e UpliftClaimed) { panic("UpliftClaimed") }
