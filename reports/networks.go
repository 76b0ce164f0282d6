package reports

import "pcnledger/projections"

var networks = Definition{
	Name:  "networks",
	Title: "Networks: one balance each, over all funds",
	Line:  "what became of the money for each network, over all funds and by fund",
	Takes: Takes{Network: true},
	body: func(v *projections.Views, o Options) body {
		return body{
			tables: []Table{networkTable(v, o), networkFundTable(v, o)},
			notes: []string{
				"A line without a network is money that was given no beneficiary, or was never allocated before it lapsed.",
			},
		}
	},
}

func networkTable(v *projections.Views, o Options) Table {
	form := formOf(v.Purposes.All())
	t := Table{
		Name: "networks", Title: "Over all funds", Empty: allocateFirst,
		Columns: columns(of(KindOrganisation, "network"), form.columns(), of(KindMoney, "lapsed")),
	}
	for _, n := range v.Networks() {
		if o.Network == "" || n.Network == o.Network {
			t.rowOf(append([]Cell{organisation(v, n.Network)}, form.cells(n.Sums)...), money(n.Lapsed))
		}
	}
	t.total()
	return t
}

func networkFundTable(v *projections.Views, o Options) Table {
	form := formOf(v.Purposes.All())
	t := Table{
		Name: "by-fund", Title: "By fund", Empty: allocateFirst, Detail: true,
		Columns: columns(of(KindOrganisation, "network"), of(KindText, "fund"), form.columns(), of(KindMoney, "lapsed")),
	}
	for _, n := range v.Networks() {
		for _, f := range n.Funds {
			if o.Network == "" || n.Network == o.Network {
				t.rowOf(append([]Cell{organisation(v, n.Network), text(f.Fund)}, form.cells(f.Sums)...), money(f.Lapsed))
			}
		}
	}
	t.total()
	return t
}
