package domain

// SetRoleBaseline asks to record how many whole-time posts of a role a network's practices had on 31 March 2019. Only
// staff above that baseline are reimbursed.
type SetRoleBaseline struct {
	Network Body     `json:"network"`
	Role    RateCode `json:"role"`
	WTE     Quantity `json:"wte"`
	Source  Source   `json:"source"`
}

// RoleBaselineSet says how many whole-time posts of a role a network had on 31 March 2019.
type RoleBaselineSet struct {
	Network Body     `json:"network"`
	Role    RateCode `json:"role"`
	WTE     Quantity `json:"wte"`
	Source  Source   `json:"source"`
}

type baselineKey struct {
	network Body
	role    RateCode
}

func (c SetRoleBaseline) decide(l *Ledger, _ moment) (Event, error) { panic("SetRoleBaseline") }
