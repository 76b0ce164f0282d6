package projections

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pcnledger/domain"
)

// Digest returns the lower-case hex SHA-256 of all that the views hold, in a fixed order. Views of the same events have
// the same digest, however they were come by: kept up one event at a time, or folded afresh.
func (v *Views) Digest() string {
	hash := sha256.New()
	dump(hash, "ledger", []Ledger{v.Ledger})
	dump(hash, "bodies", v.Registry.Bodies())
	dump(hash, "memberships", v.Registry.Memberships())
	dump(hash, "lists", v.Registry.Lists())
	dump(hash, "nominations", v.Registry.Nominations())
	v.Journal.dump(hash)
	dump(hash, "trial balance", v.TrialBalance.Lines())
	dump(hash, "balances", v.Balances.All())
	dump(hash, "funds", v.Funds.All())
	dump(hash, "items", v.Items.All())
	v.Purposes.dump(hash)
	dump(hash, "networks", v.Networks())
	dump(hash, "rates", v.Rates.All())
	dump(hash, "entitlements", v.Entitlements.All())
	dump(hash, "gaps", v.Entitlements.gaps)
	dump(hash, "adjustments", v.Entitlements.adjustments)
	dump(hash, "quantities", v.Quantities.All())
	dump(hash, "baselines", v.Roles.Baselines())
	dump(hash, "redistributions", v.Redistributions.redistributions)
	dump(hash, "claims", v.Claims.All())
	dump(hash, "roles", v.Roles.All())
	dump(hash, "budgets", v.Budgets.All())
	dump(hash, "frameworks", v.Progress.Frameworks())
	dump(hash, "assessments", v.Progress.assessments)
	dump(hash, "targets", v.Progress.targets)
	dump(hash, "milestones", v.Progress.Milestones())
	dump(hash, "narratives", v.Progress.Narratives())
	v.dumpControl(hash)
	return hex.EncodeToString(hash.Sum(nil))
}

func (v *Views) dumpControl(to io.Writer) {
	dump(to, "officers", v.Officers.officers)
	dump(to, "appointments", v.Officers.appointments)
	dump(to, "policies", v.Officers.policies)
	dump(to, "interests", v.Officers.interests)
	dump(to, "requests", v.Requests.requests)
	dump(to, "periods", v.Periods.All())
	for _, period := range v.Periods.All() {
		dump(to, "movement "+string(period.Period), v.Periods.Movement(period.Period))
	}
	dump(to, "runs", v.Runs.All())
	dump(to, "spends", v.Spends.All())
	dump(to, "losses", v.Losses.losses)
	dump(to, "corrections", v.Corrections.corrections)
}

// dump writes a view's name and then its rows, one JSON value a line.
func dump[R any](to io.Writer, view string, rows []R) {
	fmt.Fprintln(to, view)
	encoder := jsontext.NewEncoder(to, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	for _, row := range rows {
		if err := json.MarshalEncode(encoder, row); err != nil {
			panic(fmt.Sprintf("a row of %s that cannot be written: %v", view, err))
		}
	}
}

func (j *Journal) dump(to io.Writer) {
	for _, entry := range j.All() {
		dump(to, "journal", []Entry{entry})
	}
}

// dump writes the rows, and what is kept beside them to attribute the spends and receipts to come.
func (p *Purposes) dump(to io.Writer) {
	dump(to, "purposes", p.All())
	p.dumpOrigins(to)
	p.dumpOwed(to)
	p.dumpCharges(to)
}

func (p *Purposes) dumpOrigins(to io.Writer) {
	type parcel struct {
		Row   PurposeKey
		Pence domain.Pence
	}
	var places []int32
	for at := range int32(p.origins.first.len()) {
		if *p.origins.first.at(at) != 0 {
			places = append(places, at)
		}
	}
	slices.SortFunc(places, func(a, b int32) int { return p.book.placeAt(a).compare(p.book.placeAt(b)) })
	for _, at := range places {
		var parcels []parcel
		for _, held := range p.origins.at(at) {
			parcels = append(parcels, parcel{p.keyOf(held.row), held.pence})
		}
		dump(to, "place", []place{p.book.placeAt(at)})
		dump(to, "parcels", parcels)
	}
}

func (p *Purposes) dumpOwed(to io.Writer) {
	type owing struct {
		Row   PurposeKey
		For   domain.Service
		Pence domain.Pence
	}
	for _, at := range p.owed.sorted() {
		var owed []owing
		for row := range p.owed.span(at).rows() {
			o := p.owed.rows.at(row)
			owed = append(owed, owing{p.keyOf(o.row), domain.Service(p.book.words.text(o.service)), o.pence})
		}
		dump(to, "owed "+string(p.owed.groups.at(at).key.item().id()), owed)
	}
}

func (p *Purposes) dumpCharges(to io.Writer) {
	type charge struct {
		Item domain.ItemID
		N    int
	}
	type charged struct {
		From  place
		Row   PurposeKey
		Pence domain.Pence
		Held  bool
	}
	for _, at := range p.charges.sorted() {
		var taken []charged
		for row := range p.charges.span(at).rows() {
			c := p.charges.rows.at(row)
			taken = append(taken, charged{p.book.placeAt(c.from), p.keyOf(c.row), c.pence, c.held})
		}
		key := p.charges.groups.at(at).key
		dump(to, "charge", []charge{{key.item().id(), int(key.n)}})
		dump(to, "charged", taken)
	}
}

// sorted returns the numbers of the groups, sorted by the text of the item and then by the charge.
func (g *grouped[R]) sorted() []int32 {
	ids := make([]domain.ItemID, g.groups.len())
	numbers := make([]int32, len(ids))
	for at := range ids {
		ids[at], numbers[at] = g.groups.at(int32(at)).key.item().id(), int32(at)
	}
	slices.SortFunc(numbers, func(a, b int32) int {
		return cmp.Or(cmp.Compare(ids[a], ids[b]), cmp.Compare(g.groups.at(a).key.n, g.groups.at(b).key.n))
	})
	return numbers
}

// compare sorts places by fund, account and bucket.
func (p place) compare(other place) int {
	return cmp.Or(cmp.Compare(p.Fund, other.Fund), compareAccounts(p.Account, other.Account),
		compareBuckets(p.Bucket, other.Bucket))
}
