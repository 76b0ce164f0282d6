package domain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// An ItemID names a payable or receivable: <number of its event>.<line>, such as 57.3.
type ItemID string

func itemID(number int64, line int) ItemID {
	id := strconv.AppendInt(make([]byte, 0, 32), number, 10)
	return ItemID(strconv.AppendInt(append(id, '.'), int64(line), 10))
}

// split returns the number of the item's event and its line.
func (id ItemID) split() (number int64, line int) {
	event, rest, _ := strings.Cut(string(id), ".")
	number, _ = strconv.ParseInt(event, 10, 64)
	line, _ = strconv.Atoi(rest)
	return number, line
}

// An Item is one amount that is to be paid or received.
type Item struct {
	ID          ItemID
	Account     Account // payables or receivables
	Fund        FundCode
	Payee       Body
	Beneficiary Body
	Effective   Date
	Due         Date
	Advance     bool   // it releases an advance, or calls one back
	Parts       []Part // what it consists of, by time of service

	Claim    int64    // the number of the claim it pays, or recovers from
	Rate     RateCode // the rate it is due at
	Practice Body     // on whose list, where the rate is paid on a practice's own
	Charges  []Charge // a payable's own: what it was charged to
}

// A Charge is what part of a payable was charged to: the allocations that a recovery gives it back to.
type Charge struct {
	Person   Person // of a claim
	Category Category
	For      Service
	Pence    Pence
	Draws    []Draw
}

// payment is what a payable at a rate was raised under.
func (i Item) payment() raisedKey {
	key := raisedKey{rateKey{i.Parts[0].For.Year(), i.Rate}, i.Beneficiary}
	if i.Practice != "" {
		key.beneficiary = i.Practice
	}
	return key
}

// A Part is the pence of an item for one time of service.
type Part struct {
	For   Service `json:"for"`
	Pence Pence   `json:"pence"`
}

// SettlePayment asks to record that payables were paid, on the effective date. Pence may be less than what is open.
// What the payee owes may be netted: it is received by paying so much less.
type SettlePayment struct {
	Reference string       `json:"reference"`
	Lines     []SettleLine `json:"lines"`
	Netted    []SettleLine `json:"netted,omitzero"` // receivables of the same payees
}

// RecordReceipt asks to record that receivables were received, on the effective date.
type RecordReceipt struct {
	Reference string       `json:"reference"`
	Lines     []SettleLine `json:"lines"`
}

// A SettleLine names an item and how much of it was paid or received.
type SettleLine struct {
	Item  ItemID `json:"item"`
	Pence Pence  `json:"pence"`
	Run   int64  `json:"run,omitzero"` // the payment run that it was released in
}

// PaymentSettled says which payables were paid, and which receivables were netted against them.
type PaymentSettled struct {
	Reference string        `json:"reference"`
	Lines     []SettledLine `json:"lines"`
	Netted    []SettledLine `json:"netted,omitzero"`
}

// ReceiptRecorded says which receivables were received.
type ReceiptRecorded struct {
	Reference string        `json:"reference"`
	Lines     []SettledLine `json:"lines"`
}

// A SettledLine says how much of an item was paid or received, and for which times of service: the oldest first.
type SettledLine struct {
	Item        ItemID   `json:"item"`
	Fund        FundCode `json:"fund"`
	Payee       Body     `json:"payee"`
	Beneficiary Body     `json:"beneficiary,omitzero"`
	Pence       Pence    `json:"pence"`
	Parts       []Part   `json:"parts"`
	Run         int64    `json:"run,omitzero"` // the payment run that had put it in transit
}

// UnmarshalText refuses what is not <number>.<line>.
func (id *ItemID) UnmarshalText(text []byte) error {
	var number int64
	var line int
	if n, err := fmt.Sscanf(string(text), "%d.%d", &number, &line); n != 2 || err != nil || itemID(number, line) != ItemID(text) {
		return fmt.Errorf("%q is no item: write the number of its event, a dot and its line, such as 57.3", text)
	}
	*id = ItemID(text)
	return nil
}

// Pence returns the whole amount of the item.
func (i Item) Pence() Pence {
	var sum Pence
	for _, part := range i.Parts {
		sum += part.Pence
	}
	return sum
}

// An ItemUse is what an event took from an item: it was paid, received, or spent after all.
type ItemUse struct {
	Item  ItemID
	Parts []Part
}

// ItemsOpened returns the payables and receivables that a recorded event opens, from the event alone.
func ItemsOpened(r Recorded) []Item { return AppendItemsOpened(nil, r) }

// AppendItemsOpened appends to a list what [ItemsOpened] returns, for those who fold many events and keep no item.
func AppendItemsOpened(items []Item, r Recorded) []Item {
	switch e := r.Event.(type) {
	case FundsReleased:
		return appendItems(items, e.Lines, func(n int, line *DrawnLine) (Item, bool) {
			item := payable(r, n, e.Fund, line, e.Due, line.Pence)
			item.Advance = true
			return item, true
		})
	case SpendRecorded:
		return appendItems(items, e.Lines, func(n int, line *DrawnLine) (Item, bool) {
			due := onEvidence(line)
			if due <= 0 {
				return Item{}, false
			}
			item := payable(r, n, e.Fund, line, e.Due, due)
			item.Charges = []Charge{{Category: line.Category, For: line.For, Pence: due, Draws: line.Draws}}
			return item, true
		})
	case AdvanceCalledBack:
		return appendItems(items, e.Lines, func(n int, line *CallBackLine) (Item, bool) { return receivable(r, n, e.Fund, line), true })
	case EntitlementRun:
		return appendItems(items, e.Lines, func(n int, line *EntitlementLine) (Item, bool) { return due(r, n, &e, line), true })
	case EntitlementAdjusted:
		return appendItems(items, e.Lines, func(n int, line *AdjustmentLine) (Item, bool) { return adjusted(r, n, &e, line), true })
	case ClaimApproved:
		if e.Pence() > 0 {
			return append(items, claimed(r, e))
		}
	case RecoveryRaised:
		return append(items, recovery(r, e))
	case BalancesOpened:
		return appendItems(items, e.Lines, func(n int, line *JournalLine) (Item, bool) { return opened(r, n, &e, line) })
	case FundClosed:
		return appendItems(items, e.CalledBack, func(n int, line *CallBackLine) (Item, bool) { return receivable(r, n, e.Fund, line), true })
	}
	return items
}

// ItemsUsed returns what a recorded event takes from items, from the event alone.
func ItemsUsed(r Recorded) []ItemUse { return AppendItemsUsed(nil, r) }

// AppendItemsUsed appends to a list what [ItemsUsed] returns, for those who fold many events.
func AppendItemsUsed(uses []ItemUse, r Recorded) []ItemUse {
	switch e := r.Event.(type) {
	case PaymentSettled:
		uses = appendSettled(uses, e.Lines)
		uses = appendSettled(uses, e.Netted)
	case PaymentRunReleased:
		for _, lines := range [][]SettledLine{e.Lines, e.SetOff, e.Netted} {
			uses = appendSettled(uses, lines)
		}
	case PaymentFailed:
		return appendGivenBack(uses, appendSettled(nil, e.Lines))
	case ReceivableWrittenOff:
		for _, part := range e.Parts {
			uses = append(uses, ItemUse{e.Item, []Part{{part.For, part.Pence}}})
		}
	case EntryReversed:
		was := Recorded{Stamp{Number: e.Entry}, Fact{Event: e.Was.Event}}
		for _, item := range ItemsOpened(was) {
			uses = append(uses, ItemUse{item.ID, item.Parts})
		}
		return appendGivenBack(uses, ItemsUsed(was))
	case ReceiptRecorded:
		uses = appendSettled(uses, e.Lines)
	case SpendRecorded:
		for _, line := range e.Lines {
			for _, d := range line.Draws {
				if d.Owed.Item != "" {
					uses = append(uses, ItemUse{d.Owed.Item, []Part{{d.Owed.For, d.Pence}}})
				}
			}
		}
	}
	return uses
}

// appendSettled appends what lines took; one that a run had put in transit was taken when it was released.
func appendSettled(uses []ItemUse, lines []SettledLine) []ItemUse {
	for i := range lines {
		if lines[i].Run == 0 {
			uses = append(uses, ItemUse{lines[i].Item, lines[i].Parts})
		}
	}
	return uses
}

// appendGivenBack appends uses taken back: less than nothing of each.
func appendGivenBack(uses, taken []ItemUse) []ItemUse {
	for _, use := range taken {
		back := ItemUse{Item: use.Item}
		for _, part := range use.Parts {
			back.Parts = append(back.Parts, Part{part.For, -part.Pence})
		}
		uses = append(uses, back)
	}
	return uses
}

// appendItems appends an item for each line that opens one; lines count from 1.
func appendItems[L any](items []Item, lines []L, open func(n int, line *L) (Item, bool)) []Item {
	for i := range lines {
		if item, opens := open(i+1, &lines[i]); opens {
			items = append(items, item)
		}
	}
	return items
}

func payable(r Recorded, n int, fund FundCode, line *DrawnLine, due Date, pence Pence) Item {
	return Item{
		ID: itemID(r.Number, n), Account: Payables, Fund: fund, Payee: line.Payee, Beneficiary: line.Beneficiary,
		Effective: r.Effective, Due: due, Parts: []Part{{line.For, pence}},
	}
}

// receivable is one item with a part for each time of service that is called back.
func receivable(r Recorded, n int, fund FundCode, line *CallBackLine) Item {
	item := Item{
		ID: itemID(r.Number, n), Account: Receivables, Fund: fund, Payee: line.Payee, Beneficiary: line.Beneficiary,
		Effective: r.Effective, Due: line.Due, Advance: true,
	}
	for _, d := range line.Draws {
		item.Parts = addPart(item.Parts, Part{d.For, d.Pence})
	}
	return item
}

// due is the item of an entitlement, with a part and a charge for each month.
func due(r Recorded, n int, e *EntitlementRun, line *EntitlementLine) Item {
	item := Item{
		ID: itemID(r.Number, n), Account: Payables, Fund: e.Fund, Payee: line.Payee, Beneficiary: line.Beneficiary,
		Effective: r.Effective, Due: e.Due, Rate: e.Rate, Practice: line.Practice,
		Parts: make([]Part, 0, len(line.Parts)), Charges: make([]Charge, 0, len(line.Parts)),
	}
	for _, part := range line.Parts {
		item.Parts = append(item.Parts, Part{part.For, part.Pence})
		item.Charges = append(item.Charges, Charge{Category: line.Category, For: part.For, Pence: part.Pence, Draws: part.Draws})
	}
	return item
}

// adjusted is the item of what became due to a payee for months raised before, or is to be paid back.
func adjusted(r Recorded, n int, e *EntitlementAdjusted, line *AdjustmentLine) Item {
	item := Item{
		ID: itemID(r.Number, n), Account: Payables, Fund: e.Fund, Payee: line.Payee, Beneficiary: line.Beneficiary,
		Effective: r.Effective, Due: e.Due, Rate: e.Rate, Practice: line.Practice,
	}
	if line.Of != "" {
		item.Account, item.Rate, item.Practice = Receivables, "", ""
	}
	for _, part := range line.Parts {
		item.Parts = addPart(item.Parts, Part{part.For, part.Pence})
		if line.Of == "" {
			item.Charges = append(item.Charges, Charge{Category: line.Category, For: part.For, Pence: part.Pence, Draws: part.Draws})
		}
	}
	return item
}

// claimed is the item of a claim: the whole claim, with a charge for each person.
func claimed(r Recorded, e ClaimApproved) Item {
	item := Item{
		ID: itemID(r.Number, 1), Account: Payables, Fund: e.Fund, Payee: e.Payee, Beneficiary: e.Network,
		Effective: r.Effective, Due: e.Due, Claim: e.Claim, Charges: make([]Charge, 0, len(e.Lines)),
	}
	for _, line := range e.Lines {
		if line.Pence > 0 {
			item.Parts = addPart(item.Parts, Part{e.MonthOf(line), line.Pence})
		}
		item.Charges = append(item.Charges, Charge{line.Person, line.Category, e.MonthOf(line), line.Pence, line.Draws})
	}
	return item
}

// opened is the item of a balance that a fund began with.
func opened(r Recorded, n int, e *BalancesOpened, line *JournalLine) (Item, bool) {
	if line.Account != Payables && line.Account != Receivables {
		return Item{}, false
	}
	pence := line.pence()
	if line.Account == Payables {
		pence = -pence
	}
	return Item{
		ID: itemID(r.Number, n), Account: line.Account, Fund: line.Fund, Payee: line.Payee, Beneficiary: line.Beneficiary,
		Effective: r.Effective, Due: e.Due, Advance: slices.Contains(e.InAdvance, line.Fund), Parts: []Part{{line.For, pence}},
	}, true
}

// recovery is the item of what was paid too much.
func recovery(r Recorded, e RecoveryRaised) Item {
	return Item{
		ID: itemID(r.Number, 1), Account: Receivables, Fund: e.Fund, Payee: e.Payee, Beneficiary: e.Beneficiary,
		Effective: r.Effective, Due: e.Due, Claim: e.Claim, Parts: []Part{{e.For, e.Pence}},
	}
}

// addPart adds to the part for the same time of service, or appends one.
func addPart(parts []Part, more Part) []Part {
	for i := range parts {
		if parts[i].For == more.For {
			parts[i].Pence += more.Pence
			return parts
		}
	}
	return append(parts, more)
}

// onEvidence is the part of a spend that neither an advance nor a called-back advance pays: it is owed to the payee.
func onEvidence(line *DrawnLine) Pence {
	var due Pence
	for _, d := range line.Draws {
		if d.Account != Released && d.Owed.Item == "" {
			due += d.Pence
		}
	}
	return due
}

// itemState is an item and what is still open of it.
type itemState struct {
	Item
	open      []Part      // oldest service first
	inRun     []Part      // of what is open: in payment runs that are not released yet
	transit   []inTransit // no longer open, and not known to have arrived
	recovered []Pence     // of each charge
}

// inTransit is what a payment run released of an item and is neither settled nor failed.
type inTransit struct {
	run   int64
	parts []Part // oldest service first
}

// left is what is open of the item, whatever is to become of it; what a command may still take of it is [moment.leftOf].
func (i *itemState) left() Pence { return sumParts(i.open) }

// leftOf returns what a command may take of an item, oldest service first: what is open, less what is in payment runs that
// are not released, less what waiting requests would take. Every command that settles, nets or gives up asks here.
func (m moment) leftOf(i *itemState) []Part {
	held := m.holds.items[i.ID]
	if held == 0 && len(i.inRun) == 0 {
		return i.open
	}
	left := lessParts(i.open, i.inRun)
	return lessParts(left, firstParts(left, held))
}

// use takes parts off what is open.
func (i *itemState) use(parts []Part) {
	for _, used := range parts {
		for n := range i.open {
			if i.open[n].For == used.For {
				i.open[n].Pence -= used.Pence
			}
		}
	}
}

func sumParts(parts []Part) (sum Pence) {
	for _, part := range parts {
		sum += part.Pence
	}
	return sum
}

// firstParts returns the first of some parts that make up pence.
func firstParts(of []Part, pence Pence) []Part {
	var parts []Part
	for _, part := range of {
		if take := min(part.Pence, pence); take > 0 {
			parts = append(parts, Part{part.For, take})
			pence -= take
		}
	}
	return parts
}

// lessParts returns what is left of some parts when others are taken off them.
func lessParts(parts, taken []Part) []Part {
	var left []Part
	for _, part := range parts {
		for _, t := range taken {
			if t.For == part.For {
				part.Pence -= t.Pence
			}
		}
		if part.Pence > 0 {
			left = append(left, part)
		}
	}
	return left
}

// moreParts returns some parts and others with them, the oldest service first.
func moreParts(parts, added []Part) []Part {
	all := slices.Clone(parts)
	for _, part := range added {
		all = addPart(all, part)
	}
	sortParts(all)
	return all
}

func sortParts(parts []Part) {
	slices.SortFunc(parts, func(a, b Part) int { return strings.Compare(string(a.For), string(b.For)) })
}

// applyItems opens and uses the items of a recorded event.
func (l *Ledger) applyItems(r Recorded) {
	for _, item := range ItemsOpened(r) {
		if l.items == nil {
			l.items = map[ItemID]*itemState{}
		}
		open := slices.Clone(item.Parts)
		sortParts(open)
		l.items[item.ID] = &itemState{Item: item, open: open, recovered: make([]Pence, len(item.Charges))}
		l.funds[item.Fund].items = append(l.funds[item.Fund].items, item.ID)
	}
	for _, use := range ItemsUsed(r) {
		l.items[use.Item].use(use.Parts)
	}
}

func (c SettlePayment) decide(l *Ledger, m moment) (Event, error) {
	lines, err := l.settle(c.Reference, c.Lines, m, l.payment)
	if err != nil {
		return nil, err
	}
	e := PaymentSettled{Reference: c.Reference, Lines: lines}
	if len(c.Netted) > 0 {
		if e.Netted, err = l.settle(c.Reference, c.Netted, m, l.receipt); err != nil {
			return nil, netted(err)
		}
	}
	if err := e.checkUnmixed(); err != nil {
		return nil, err
	}
	return e, checkNetting(e.Lines, e.Netted)
}

// netted says of a refusal that it is about a line that is netted, not about one that is paid.
func netted(err error) error {
	refusal, ok := err.(*Refusal)
	if !ok {
		return err
	}
	located := *refusal
	located.Reason = "netted " + refusal.Reason
	return &located
}

// checkNetting refuses to net more than a payee is paid: the rest has to be received.
func checkNetting(lines, against []SettledLine) error {
	paid, netted := byPayee(lines), byPayee(against)
	for _, payee := range sortedKeys(netted) {
		if netted[payee] > paid[payee] {
			return refuse(RuleNettingOver, "net at most what is paid to the same payee; the rest is received (RecordReceipt)", "%s is paid %s here; %s was to be netted",
				payee.Bare(), paid[payee], netted[payee]).figure("paid", paid[payee]).figure("netted", netted[payee])
		}
	}
	return nil
}

func byPayee(lines []SettledLine) map[Body]Pence {
	sums := map[Body]Pence{}
	for _, line := range lines {
		sums[line.Payee] += line.Pence
	}
	return sums
}

func (c RecordReceipt) decide(l *Ledger, m moment) (Event, error) {
	lines, err := l.settle(c.Reference, c.Lines, m, l.receipt)
	if err != nil {
		return nil, err
	}
	return ReceiptRecorded{c.Reference, lines}, nil
}

// settle returns the lines of a payment, a receipt or a run, each as one settles it, or refuses one that is not allowed.
func (l *Ledger) settle(reference string, lines []SettleLine, m moment, one func(SettleLine, moment) (SettledLine, error)) ([]SettledLine, error) {
	if err := checkText(reference, "the reference", `"BACS 0141"`); err != nil {
		return nil, err
	}
	if err := checkLines(len(lines)); err != nil {
		return nil, err
	}
	type itemOfRun struct {
		item ItemID
		run  int64
	}
	var settled []SettledLine
	seen := map[itemOfRun]bool{}
	for i, asked := range lines {
		line, err := one(asked, m)
		if err != nil {
			return nil, onLine(i, err)
		}
		if seen[itemOfRun{line.Item, line.Run}] {
			return nil, onLine(i, refuse(RuleItemTwice, "put both amounts in one line", "item %s stands twice", line.Item))
		}
		seen[itemOfRun{line.Item, line.Run}] = true
		settled = append(settled, line)
	}
	return settled, nil
}

// payment settles one line of a payment: what a run had put in transit, or else the item itself.
func (l *Ledger) payment(line SettleLine, m moment) (SettledLine, error) {
	if err := checkAmount(line.Pence, "the amount"); err != nil {
		return SettledLine{}, err
	}
	if item, ok := l.items[line.Item]; ok && (line.Run != 0 || len(item.transit) > 0) {
		return l.arrived(item, line, m)
	}
	return l.settleable(line, Payables, m.effective, m)
}

// receipt settles one line of what was received, or is netted.
func (l *Ledger) receipt(line SettleLine, m moment) (SettledLine, error) {
	return l.settleable(line, Receivables, m.effective, m)
}

// settleable returns the line of an item that is settled or reserved as from a day, or refuses it: the wrong kind, too
// early, not verified, nothing left, or too much.
func (l *Ledger) settleable(line SettleLine, account Account, on Date, m moment) (SettledLine, error) {
	var none SettledLine
	if err := checkAmount(line.Pence, "the amount"); err != nil {
		return none, err
	}
	item, err := l.item(line.Item)
	if err != nil {
		return none, err
	}
	switch {
	case item.Account != account:
		return none, refuse(RuleItemKind, "payables are paid (ProposePaymentRun, SettlePayment), receivables are received (RecordReceipt), netted or written off (WriteOff)",
			"item %s stands under %s, not %s", item.ID, item.Account, account)
	case line.Run != 0:
		return none, refuse(RulePaymentRunLines, "leave the run out of the line", "item %s names payment run %d; only what a run released is settled in it", item.ID, line.Run)
	case on < item.Effective:
		return none, refuse(RuleItemEarlier, "give that day or a later one", "item %s arose on %s; it cannot be settled on %s, before that",
			item.ID, item.Effective, on)
	}
	if err := l.checkVerified(item); err != nil {
		return none, err
	}
	left := m.leftOf(item)
	if err := item.checkLeft(line.Pence, sumParts(left)); err != nil {
		return none, err
	}
	return item.settled(line.Pence, left), nil
}

// item returns an item, or refuses one that there is not.
func (l *Ledger) item(id ItemID) (*itemState, error) {
	item, ok := l.items[id]
	if !ok {
		return nil, refuse(RuleItemUnknown, "look for it: pcnledger show items", "there is no item %q", string(id))
	}
	return item, nil
}

// checkLeft refuses more than is left of an item, and says where the rest of it is.
func (i *itemState) checkLeft(pence, left Pence) error {
	open, transit := i.left(), i.inTransit()
	switch {
	case pence <= left:
		return nil
	case open+transit == 0:
		return refuse(RuleItemSettled, "check that the same payment is not recorded twice: pcnledger show items", "nothing is left of item %s of %s",
			i.ID, i.Pence()).figure("left", 0).figure("asked", pence)
	case pence <= open+transit:
		return i.reserved(pence, left, open, transit)
	}
	return refuse(RuleItemOverpaid, "settle at most what is left", "item %s has %s left; %s was asked", i.ID, left, pence).
		figure("left", left).figure("asked", pence)
}

// reserved refuses what is not free, and says what it is kept for.
func (i *itemState) reserved(pence, left, open, transit Pence) error {
	runs := sumParts(i.inRun)
	refusal := refuse(RuleItemReserved, "ask for at most what is left, or wait until the rest is decided, settled or failed: pcnledger show items", "item %s has %s left", i.ID, left).
		figure("left", left)
	separator := ": "
	for _, kept := range []struct {
		pence      Pence
		text, name string
	}{
		{runs, "in payment runs that are not released", "in runs"}, {transit, "in transit", "in transit"},
		{open - runs - left, "asked for by requests that wait", "waiting"},
	} {
		if kept.pence > 0 {
			refusal.Reason += separator + kept.pence.String() + " is " + kept.text
			separator = ", "
			refusal.figure(kept.name, kept.pence)
		}
	}
	refusal.Reason += "; " + pence.String() + " was asked"
	return refusal.figure("asked", pence)
}

// settled is the line that takes pence from what is left of the item.
func (i *itemState) settled(pence Pence, left []Part) SettledLine {
	return SettledLine{Item: i.ID, Fund: i.Fund, Payee: i.Payee, Beneficiary: i.Beneficiary, Pence: pence, Parts: firstParts(left, pence)}
}
