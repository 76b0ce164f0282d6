package reports

import (
	"cmp"
	"slices"

	"pcnledger/domain"
	"pcnledger/projections"
)

var claims = Definition{
	Name:  "claims",
	Title: "Claims for reimbursed roles",
	Line:  "each claim with its state, its dates and its days in each state, and how each post's part was come by",
	Takes: Takes{Network: true},
	body: func(v *projections.Views, o Options) body {
		selected := claimsOf(v, o)
		return body{
			tables: []Table{claimTable(v, selected), claimAgeTable(v, selected), claimDayTable(v, selected), claimHandTable(selected), claimLineTable(v, selected)},
			notes: []string{
				"A claim goes by the number of the event that submitted it. Submitted and decided are London dates of recording; paid is " +
					"the date of the payment.",
				"Days count from submission to the decision, and from the approval to the last payment; while a claim waits, to the date " +
					"of the last event. Of a claim that was verified they count to the verification, and from it to the decision, too.",
				lateNote,
			},
		}
	},
}

const lateNote = "A claim is late if it was submitted more than a month after the end of its month."

const claimFirst = "Nothing is claimed. Engage roles (EngageRole) and record the claims of each month (SubmitClaim)."

func claimsOf(v *projections.Views, o Options) []projections.Claim {
	var selected []projections.Claim
	for _, c := range v.Claims.All() {
		if o.Network == "" || c.Network == o.Network {
			selected = append(selected, c)
		}
	}
	return selected
}

func claimTable(v *projections.Views, selected []projections.Claim) Table {
	t := Table{
		Name: "claims", Title: "Claims", Empty: claimFirst,
		Columns: columns(of(KindText, "claim"), of(KindOrganisation, "network"), of(KindText, "month", "uplift", "reference", "state"),
			of(KindMoney, "claimed", "approved", "paid", "recovered"), of(KindText, "reason", "notes")),
	}
	for _, c := range selected {
		t.row(text(claimName(c)), organisation(v, c.Network), text(c.Month), text(upliftWords(c)), text(c.Reference), text(c.State()), money(c.Cost()),
			money(c.Approval.Pence()), money(c.Paid), money(c.Recovered()), text(c.Reason), text(c.Notes))
	}
	t.leaveOut("uplift", "notes")
	t.total()
	return t
}

// upliftWords names the months of an uplift.
func upliftWords(c projections.Claim) string {
	if !c.Uplift {
		return ""
	}
	words := "of "
	for i, month := range c.Months() {
		if i > 0 {
			words += ", "
		}
		words += monthName(month)
	}
	return words
}

func claimName(c projections.Claim) string { return numbers([]int64{c.Number}) }

func claimDayTable(v *projections.Views, selected []projections.Claim) Table {
	t := Table{
		Name: "dates", Title: "When, and how long in each state", Empty: claimFirst,
		Columns: columns(of(KindText, "claim", "month", "state"), of(KindDate, "submitted", "verified", "decided"), of(KindNumber, "decided by event"),
			of(KindDate, "due", "last paid"), of(KindCount, "days to verification", "days verified", "days to decision", "days to payment"), of(KindText, "late", "item")),
	}
	for _, c := range selected {
		ages := c.Ages(v.Ledger.Date())
		var toPayment Cell
		if c.Approval.Pence() > 0 {
			toPayment = Count(ages.ToPayment)
		}
		t.row(text(claimName(c)), text(c.Month), text(c.State()), date(c.Submitted), date(c.Verified.On), date(c.Decided), number(c.Decision),
			date(c.Approval.Due), date(c.LastPaid()), age(ages.ToVerification), age(ages.Verified), Count(ages.ToDecision), toPayment, text(late(c)), text(c.Item))
	}
	t.leaveOut("verified", "days to verification", "days verified")
	return t
}

// age counts the days in a state that the claim was in.
func age(a projections.Age) Cell {
	if !a.Was {
		return nil
	}
	return Count(a.Days)
}

// claimHandTable has a row for everything that somebody did with a claim, where who that was, or a question, is recorded.
func claimHandTable(selected []projections.Claim) Table {
	t := Table{
		Name: "hands", Title: "Who submitted, queried, verified and decided", Empty: "No claim is queried or verified, and no officer has had one in hand.",
		Columns: columns(of(KindText, "claim", "month"), of(KindNumber, "event"), of(KindDate, "on"), of(KindText, "what", "by", "approved by", "words")),
	}
	for _, c := range selected {
		if c.By.Raised == "" && c.DecidedBy.Raised == "" && len(c.Queries) == 0 && c.Verified.Number == 0 {
			continue
		}
		for _, step := range claimSteps(c) {
			t.row(text(claimName(c)), text(c.Month), number(step.number), date(step.on), text(step.what), text(step.by.Raised), text(step.by.Approved),
				text(step.words))
		}
	}
	return t
}

// A claimStep is one thing that was done with a claim.
type claimStep struct {
	number int64
	on     domain.Date
	what   string
	by     projections.Hands
	words  string
}

// claimSteps are in the order of recording. Of a claim whose approval was taken back, the approval is in the corrections.
func claimSteps(c projections.Claim) []claimStep {
	steps := []claimStep{{c.Number, c.Submitted, "submitted", c.By, c.Reference}}
	for _, q := range c.Queries {
		steps = append(steps, claimStep{q.Number, q.On, "queried", projections.Hands{Raised: q.By}, q.Question})
	}
	if k := c.Verified; k.Number != 0 {
		steps = append(steps, claimStep{k.Number, k.On, "verified", projections.Hands{Raised: k.By}, k.Evidence})
	}
	if c.Decision != 0 {
		what := "approved"
		if c.State() == projections.ClaimIsRejected {
			what = "rejected"
		}
		steps = append(steps, claimStep{c.Decision, c.Decided, what, c.DecidedBy, c.Reason})
	}
	slices.SortStableFunc(steps, func(a, b claimStep) int { return cmp.Compare(a.number, b.number) })
	return steps
}

func late(c projections.Claim) string {
	if c.Late() {
		return "late"
	}
	return ""
}

// claimLineTable has a row for each post of each claim.
func claimLineTable(v *projections.Views, selected []projections.Claim) Table {
	t := Table{
		Name: "lines", Title: "Post by post", Empty: claimFirst, Detail: true,
		Columns: columns(of(KindText, "claim"), of(KindOrganisation, "network"), of(KindText, "month", "person", "role", "WTE", "training", "how"),
			of(KindMoney, "cost", "part", "maximum", "before", "approved", "recovered")),
	}
	for _, c := range selected {
		for _, line := range c.Lines {
			approved, month := approvedLine(c, line), c.MonthOf(line)
			role, wte, how := cmp.Or(approved.Role, line.Role), "", ""
			if post, ok := v.Roles.InPost(line.Person, c.Network, month, role); ok {
				role, wte = post.Role, post.WTE()
			}
			var part, maximum, before, pence Cell
			if approved.Person != "" {
				how, part, maximum, pence = approved.Words(), money(approved.Part), money(approved.Maximum), money(approved.Pence)
			}
			if approved.Before != 0 {
				before = money(approved.Before)
			}
			t.row(text(claimName(c)), organisation(v, c.Network), text(month), text(line.Person), text(role), text(wte), text(line.Training), text(how),
				money(line.Total()), part, maximum, before, pence, moneyIfAny(c.RecoveredFor(line.Person, role, month)))
		}
	}
	t.leaveOut("training", "before")
	t.total()
	return t
}
