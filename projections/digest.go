package projections

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
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
	dump(hash, "claims", v.Claims.All())
	dump(hash, "roles", v.Roles.All())
	dump(hash, "budgets", v.Budgets.All())
	dump(hash, "frameworks", v.Progress.Frameworks())
	dump(hash, "assessments", v.Progress.assessments)
	dump(hash, "targets", v.Progress.targets)
	dump(hash, "milestones", v.Progress.Milestones())
	dump(hash, "narratives", v.Progress.Narratives())
	return hex.EncodeToString(hash.Sum(nil))
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
	for _, at := range slices.SortedFunc(maps.Keys(p.origins), place.compare) {
		dump(to, "place", []place{at})
		dump(to, "parcels", p.origins[at])
	}
	for _, item := range slices.Sorted(maps.Keys(p.owed)) {
		dump(to, "owed "+string(item), p.owed[item])
	}
	for _, c := range slices.SortedFunc(maps.Keys(p.charges), charge.compare) {
		dump(to, "charge", []charge{c})
		dump(to, "charged", p.charges[c])
	}
}
