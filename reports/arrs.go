package reports

import (
	"cmp"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"pcnledger/domain"
	"pcnledger/projections"
)

// arrs is the position of the Additional Roles Reimbursement Scheme, in the layout of the evidence that commissioners gave
// to draw central money down: month by month and network by network, with the posts behind it.
var arrs = Definition{
	Name:  "arrs",
	Title: "Additional roles: the reimbursement position",
	Line:  "reimbursed roles by network and month: claimed, approved, WTE, and how much of the sum is used",
	Takes: Takes{Network: true},
	body: func(v *projections.Views, o Options) body {
		selected := claimsOf(v, o)
		return body{
			tables: []Table{
				usedTable(v, o, selected), claimMonthTable(v, selected), wteTable(v, selected), attentionTable(v, selected), networkSumTable(v),
			},
			notes: []string{
				"Claimed is what the posts cost by the claims that are not rejected; approved is what is reimbursed of it, before recoveries.",
				"The sum is the most that a network can be reimbursed in the year; used is what is approved and not recovered.",
				"WTE is contracted hours ÷ 37.5 of the persons claimed for the month.",
				lateNote,
			},
			closing: sumChecks(v),
		}
	},
}

// arrsYears lists the years for which roles can be claimed, or were.
func arrsYears(v *projections.Views) []domain.Year {
	var years []domain.Year
	for _, r := range v.Rates.All() {
		if r.Kind == domain.RateReimbursedRole {
			years = append(years, r.Year)
		}
	}
	for _, c := range v.Claims.All() {
		years = append(years, c.Month.Year())
	}
	slices.Sort(years)
	return slices.Compact(years)
}

// claimants lists the networks that can claim in a year: they have a nominated payee, an engaged role or a claim.
func claimants(v *projections.Views, year domain.Year) []domain.Body {
	var all []domain.Body
	for _, n := range v.Registry.Nominations() {
		if n.From <= year.Last() {
			all = append(all, n.Network)
		}
	}
	for _, e := range v.Roles.All() {
		if e.In(domain.Service(year)) {
			all = append(all, e.Network)
		}
	}
	for _, c := range v.Claims.All() {
		if c.Month.Year() == year {
			all = append(all, c.Network)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// claimSums is what one network claimed.
type claimSums struct {
	claimed, approved, recovered domain.Pence
	waiting, late                int64
}

func sumsOfClaims(selected []projections.Claim, wanted func(projections.Claim) bool) (s claimSums) {
	for _, c := range selected {
		if !wanted(c) {
			continue
		}
		s.approved += c.Approval.Pence()
		s.recovered += c.Recovered()
		if c.State() != projections.ClaimIsRejected {
			s.claimed += c.Cost()
		}
		if waits(c) {
			s.waiting++
		}
		if c.Late() {
			s.late++
		}
	}
	return s
}

// waits says that a claim waits for its decision: submitted, queried or verified.
func waits(c projections.Claim) bool {
	switch c.State() {
	case projections.ClaimWaiting, projections.ClaimQueried, projections.ClaimVerified:
		return true
	}
	return false
}

func (s claimSums) used() domain.Pence { return s.approved - s.recovered }

// usedTable says how much of its sum each network used.
func usedTable(v *projections.Views, o Options, selected []projections.Claim) Table {
	t := Table{
		Name: "used", Title: "What is used of each network's sum", Empty: adoptRolesFirst,
		Columns: columns(of(KindOrganisation, "network"), of(KindText, "year"),
			of(KindMoney, "the sum", "claimed", "approved", "recovered", "used", "unclaimed"), of(KindText, "% used"),
			of(KindCount, "claims waiting", "claims late")),
	}
	var sum, used domain.Pence
	for _, year := range arrsYears(v) {
		for _, network := range claimants(v, year) {
			if o.Network != "" && network != o.Network {
				continue
			}
			most := v.Rates.NetworkSum(year)
			s := sumsOfClaims(selected, func(c projections.Claim) bool { return c.Network == network && c.Month.Year() == year })
			t.row(organisation(v, network), text(year), money(most), money(s.claimed), money(s.approved), money(s.recovered), money(s.used()),
				money(most-s.used()), text(percentage(s.used(), most)), Count(s.waiting), Count(s.late))
			sum, used = sum+most, used+s.used()
		}
	}
	if t.total(); len(t.Totals) > 0 {
		t.Totals[0][8] = text(percentage(used, sum))
	}
	return t
}

const adoptRolesFirst = "No reimbursed role can be claimed yet. Adopt the maxima of a year's card (AdoptRateCard) and nominate payees " +
	"(NominatePayee)."

// claimMonths are the months for which the roles of a year can be claimed, or were: the columns of a table, by name.
func claimMonths(v *projections.Views) []string {
	var months []string
	add := func(month domain.Service) { months = append(months, string(month[len(month.WholeYear())+1:])) }
	for _, r := range v.Rates.All() {
		if r.Kind == domain.RateReimbursedRole {
			for _, month := range r.Months() {
				add(month)
			}
		}
	}
	for _, c := range v.Claims.All() {
		add(c.Month)
	}
	slices.Sort(months)
	return slices.Compact(months)
}

// claimMonthTable has two rows for each network: what it claimed, and what was approved of that, month by month.
func claimMonthTable(v *projections.Views, selected []projections.Claim) Table {
	months := claimMonths(v)
	t := Table{
		Name: "by-month", Title: "By month", Empty: claimFirst,
		Columns: columns(of(KindOrganisation, "network"), of(KindText, "year", "what"), of(KindMoney, months...), of(KindMoney, "in all")),
	}
	byWhat := map[string][][]Cell{}
	for _, year := range arrsYears(v) {
		for _, network := range claimants(v, year) {
			claimed, approved := monthCells(selected, network, year, months)
			for _, row := range []struct {
				what  string
				cells []Cell
			}{{"claimed", claimed}, {"approved", approved}} {
				if len(row.cells) > 0 {
					t.Rows = append(t.Rows, append([]Cell{organisation(v, network), text(year), text(row.what)}, row.cells...))
					byWhat[row.what] = append(byWhat[row.what], t.Rows[len(t.Rows)-1])
				}
			}
		}
	}
	for _, what := range []string{"claimed", "approved"} {
		if len(byWhat[what]) > 1 {
			total := t.sum("total", byWhat[what])
			total[2] = Words(what)
			t.Totals = append(t.Totals, total)
		}
	}
	return t
}

// monthCells has a cell for each month and one for all; none at all for a network that claimed nothing.
func monthCells(selected []projections.Claim, network domain.Body, year domain.Year, months []string) (claimed, approved []Cell) {
	all := sumsOfClaims(selected, func(c projections.Claim) bool { return c.Network == network && c.Month.Year() == year })
	if all.claimed == 0 && all.approved == 0 {
		return nil, nil
	}
	for _, month := range months {
		s := sumsOfClaims(selected, func(c projections.Claim) bool {
			return c.Network == network && c.Month == domain.Service(string(year)+"/"+month)
		})
		claimed, approved = append(claimed, moneyIfAny(s.claimed)), append(approved, moneyIfAny(s.approved))
	}
	return append(claimed, money(all.claimed)), append(approved, money(all.approved))
}

// A wteKey is a role of a network in a year.
type wteKey struct {
	year    domain.Year
	network domain.Body
	role    domain.RateCode
}

// wteTable has the posts behind the claims that are not rejected, and each role's over all networks.
func wteTable(v *projections.Views, selected []projections.Claim) Table {
	months := claimMonths(v)
	t := Table{
		Name: "wte", Title: "Whole-time equivalents claimed", Empty: claimFirst,
		Columns: columns(of(KindOrganisation, "network"), of(KindText, "year", "role"), of(KindText, months...)),
	}
	posts := map[wteKey]map[string]*big.Rat{}
	for _, c := range selected {
		if c.State() == projections.ClaimIsRejected {
			continue
		}
		for _, line := range c.Lines {
			post, ok := v.Roles.InPost(line.Person, c.Network, c.Month)
			if !ok {
				continue
			}
			month := string(c.Month[len(c.Month.WholeYear())+1:])
			addPost(posts, wteKey{c.Month.Year(), c.Network, post.Role}, month, post.Whole())
			addPost(posts, wteKey{c.Month.Year(), "", post.Role}, month, post.Whole())
		}
	}
	for _, key := range sortedPosts(posts) {
		cells := []Cell{organisation(v, key.network), text(key.year), text(key.role)}
		for _, month := range months {
			cells = append(cells, wteCell(posts[key][month]))
		}
		if key.network == "" {
			cells[0] = Words("total")
			t.Totals = append(t.Totals, cells)
		} else {
			t.Rows = append(t.Rows, cells)
		}
	}
	return t
}

func wteCell(wte *big.Rat) Cell {
	if wte == nil {
		return nil
	}
	return Words(wte.FloatString(2))
}

func addPost(posts map[wteKey]map[string]*big.Rat, key wteKey, month string, wte *big.Rat) {
	if posts[key] == nil {
		posts[key] = map[string]*big.Rat{}
	}
	if posts[key][month] == nil {
		posts[key][month] = new(big.Rat)
	}
	posts[key][month].Add(posts[key][month], wte)
}

func sortedPosts(posts map[wteKey]map[string]*big.Rat) []wteKey {
	return slices.SortedFunc(maps.Keys(posts), func(a, b wteKey) int {
		return cmp.Or(cmp.Compare(a.year, b.year), cmp.Compare(a.network, b.network), cmp.Compare(a.role, b.role))
	})
}

// attentionTable lists the claims that wait for a decision or for payment, and those that came late.
func attentionTable(v *projections.Views, selected []projections.Claim) Table {
	t := Table{
		Name: "attention", Title: "Claims that wait, or came late", Empty: "No claim waits, and none came late.",
		Columns: columns(of(KindText, "claim"), of(KindOrganisation, "network"), of(KindText, "month", "reference", "state"),
			of(KindDate, "submitted"), of(KindCount, "days waiting"), of(KindText, "late"), of(KindMoney, "claimed", "approved", "paid")),
	}
	for _, c := range selected {
		ages := c.Ages(v.Ledger.Date())
		var waiting Cell
		switch c.State() {
		case projections.ClaimWaiting, projections.ClaimQueried, projections.ClaimVerified:
			waiting = Count(ages.ToDecision)
		case projections.ClaimIsApproved, projections.ClaimPartlyPaid:
			if c.Approval.Pence() > 0 {
				waiting = Count(ages.ToPayment)
			}
		}
		if waiting != nil || c.Late() {
			t.row(text(claimName(c)), organisation(v, c.Network), text(c.Month), text(c.Reference), text(c.State()), date(c.Submitted), waiting,
				text(late(c)), money(c.Cost()), money(c.Approval.Pence()), money(c.Paid))
		}
	}
	return t
}

// networkSumTable shows how the sum is made up.
func networkSumTable(v *projections.Views) Table {
	t := Table{
		Name: "sum", Title: "How the sum of one network is made up", Empty: adoptRolesFirst,
		Columns: columns(of(KindText, "year", "role", "title", "maximum a year"), of(KindCount, "months"), of(KindText, "standing"),
			of(KindMoney, "in its months")),
	}
	for _, year := range arrsYears(v) {
		var rows [][]Cell
		for _, r := range v.Rates.Roles(year) {
			t.row(text(year), text(r.Rate.Rate), text(r.Title), text(pounds(r.Amount)), Count(len(r.Months())), text(r.Standing), money(r.InPeriod()))
			rows = append(rows, t.Rows[len(t.Rows)-1])
		}
		if len(rows) > 0 {
			computed := t.sum("computed "+string(year), rows)
			computed[len(computed)-1] = money(v.Rates.NetworkSum(year)) // rounded once, not row by row
			t.Totals = append(t.Totals, computed)
		}
		for _, r := range printedSums(v, year) {
			t.Totals = append(t.Totals, t.sum("printed: "+string(r.Rate.Rate.Rate), [][]Cell{{nil, nil, nil, nil, nil, nil, Money(r.printed)}}))
		}
	}
	return t
}

// A printedSum is an adopted row of a card that prints the sum of a network.
type printedSum struct {
	projections.Rate
	printed domain.Pence
}

func printedSums(v *projections.Views, year domain.Year) []printedSum {
	var sums []printedSum
	for _, r := range v.Rates.All() {
		if r.Year != year || r.Kind != domain.RateNetworkSum {
			continue
		}
		if amount, ok := new(big.Rat).SetString(r.Amount); ok {
			amount.Mul(amount, big.NewRat(100, 1))
			sums = append(sums, printedSum{r, domain.Pence(new(big.Int).Quo(amount.Num(), amount.Denom()).Int64())})
		}
	}
	return sums
}

// sumChecks compares what is computed with what the card prints, to whole pounds.
func sumChecks(v *projections.Views) []string {
	var sentences []string
	for _, year := range arrsYears(v) {
		for _, r := range printedSums(v, year) {
			computed := v.Rates.NetworkSum(year)
			says := "agrees to whole pounds"
			if (computed+50)/100 != r.printed/100 {
				says = "DOES NOT AGREE"
			}
			sentences = append(sentences, fmt.Sprintf("The sum of one network in %s is %s, computed; the card prints %s (%s): %s.",
				year, computed, r.printed, r.Source, says))
		}
	}
	return sentences
}
