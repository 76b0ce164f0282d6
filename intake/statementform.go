package intake

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"pcnledger/domain"
)

// StatementTemplate is an empty statement in the ledger's own form.
const StatementTemplate = "date,payee,reference,amount,status,item\n"

// A statementForm is a form of statement: the names of its columns, "" for those it lacks. What it lacks and cannot be
// found in a text is asked for.
type statementForm struct {
	name      string
	date      string
	payee     string
	reference string
	text      string // that holds the run's reference and the payee's code somewhere
	amount    string
	out, in   string // what left the account, and what came back to it
	status    string // it may be missing
	item      string // it may be missing
	balance   string // tells two rows apart that are alike otherwise
	known     []string
}

// The forms. A bank's statement may have columns besides. Of the statements of PCSE Online it is known that they have pay
// codes, descriptions and amounts, by organisation and month; what a pay code stands for is not read from it.
var statementForms = []statementForm{
	{
		name: "payments, the ledger's own form",
		date: "date", payee: "payee", reference: "reference", amount: "amount", status: "status", item: "item",
	},
	{
		name: "bank statement",
		date: "Date", text: "Description", out: "Paid out", in: "Paid in", balance: "Balance",
		known: []string{"Type"},
	},
	{
		name:   "PCSE Online statement, as far as it is known: pay code, description, amount",
		amount: "Amount",
		known:  []string{"Pay Code", "Description"},
	},
}

func (f statementForm) title() string      { return f.name }
func (f statementForm) excludes() []string { return nil }

// columns returns the columns that a header row must have.
func (f statementForm) columns() []string {
	return append(given(f.date, f.payee, f.reference, f.text, f.amount, f.out, f.in, f.balance), f.known...)
}

// read returns the columns that are read, those included that may be missing.
func (f statementForm) read() []string {
	return append(f.columns(), given(f.status, f.item)...)
}

// openStatement opens the table and tells its form. The table is nil, and a fault says why, where that cannot be done.
func openStatement(raw []byte, found *faults) (statementForm, *table) {
	var tables []*table
	if isZip(raw) {
		tables = openWorkbook(raw, statementSheets, found)
	} else if checkCSV(raw, found); !found.any() {
		tables = append(tables, openTable(raw, found))
	}
	if found.any() {
		return statementForm{}, nil
	}
	t, form := theTable(tables, statementForms, "payments", found)
	switch {
	case t != nil || found.any():
	case len(tables) == 1:
		compare(tables[0], statementForms).explain(tables[0], statementForms, "statement")
	default:
		found.add(Error{
			Reason: "no sheet of the workbook has the header row of a statement",
			Remedy: "give a sheet with the columns of one of these: " + known(statementForms),
		})
	}
	return form, t
}

var statementSheets = wanted{sheets: "the sheet of the statement", holds: "the statement"}

// A statementLine says that a payment arrived, or came back.
type statementLine struct {
	row      row
	form     statementForm
	returned bool
	date     domain.Date
	pence    domain.Pence

	payee     domain.Body
	reference string        // folded; "" where any run may be meant
	text      string        // folded, of a bank: it holds reference and payee
	item      domain.ItemID // "" where none is named
	apart     string        // what it has besides: two lines that differ in it are two
}

// same is what makes two lines the same.
func (l statementLine) same() string {
	return strings.Join([]string{
		string(l.date), string(l.payee), l.reference, l.text, string(l.item), l.pence.Decimal(), strconv.FormatBool(l.returned), l.apart,
	}, "\x00")
}

// folded is a reference or a description as it is compared: banks write all in capitals.
func folded(text string) string { return strings.ToUpper(oneLine(text)) }

// line reads a row. Every fault of the row is recorded; ok is false if there was one.
func (f statementForm) line(r row, opts StatementOptions) (l statementLine, ok bool) {
	if column := f.total(r); column != "" {
		r.fault(column, "the row is a total, not a payment", "take the row out")
		return l, false
	}
	before := len(r.table.found.found)
	l = statementLine{row: r, form: f, date: opts.PaidOn, payee: opts.Payee}
	if f.date != "" {
		l.date = readDay(r, f.date, time.DateOnly, "02/01/2006", "02 Jan 2006", "02-Jan-2006")
	}
	if f.payee != "" {
		l.payee = readPayee(r, f.payee)
	}
	if f.text != "" {
		l.text = folded(r.text(f.text))
	}
	for _, column := range given(append(f.known, f.balance)...) {
		l.apart += r.text(column) + "\x00"
	}
	l.readItem()
	l.readReference(opts.Run)
	l.readAmount()
	return l, len(r.table.found.found) == before
}

// total returns the column that calls a row a total, or "".
func (f statementForm) total(r row) string {
	for _, column := range append(given(f.date, f.payee, f.reference, f.text), f.known...) {
		if totalForm.MatchString(r.text(column)) {
			return column
		}
	}
	return ""
}

// totalForm is what a total is called: TOTAL, Sub-total, Grand total.
var totalForm = regexp.MustCompile(`(?i)^(sub|grand)?[ -]?totals?:?$`)

// readPayee reads a payee's code, which needs no digits: RTH is a trust.
func readPayee(r row, column string) domain.Body {
	code := r.text(column)
	body, err := domain.ParseBody(code)
	switch {
	case code == "":
		r.fault(column, "the payee is blank; a total is not a payment", "give the payee's code, or take the row out")
		return ""
	case err != nil:
		r.fault(column, quoted(code)+" is not a payee's code", "write an ODS code (K84036), local:NAME or companies:01234567")
	}
	return body
}

// readItem reads the item, which need not be named.
func (l *statementLine) readItem() {
	if !l.row.table.has(l.form.item) || l.row.text(l.form.item) == "" {
		return
	}
	if l.item.UnmarshalText([]byte(l.row.text(l.form.item))) != nil {
		l.row.fault(l.form.item, quoted(l.row.text(l.form.item))+" is no item",
			"write the number of its event, a dot and its line, such as 57.3; a workbook keeps it as text")
	}
}

// readReference reads the run's reference. It may be blank where the item or the run is named.
func (l *statementLine) readReference(run int64) {
	if l.form.reference == "" {
		return
	}
	l.reference = folded(l.row.text(l.form.reference))
	if l.reference == "" && l.item == "" && run == 0 {
		l.row.fault(l.form.reference, "the reference is blank", "give the payment run's reference, or the item, or the run with --run")
	}
}

// readAmount reads what was paid, and whether it came back.
func (l *statementLine) readAmount() {
	if l.form.amount != "" {
		l.pence = readPounds(l.row, l.form.amount)
		l.readStatus()
		return
	}
	before := len(l.row.table.found.found)
	var out, in domain.Pence
	if !noAmount(l.row.text(l.form.out)) {
		out = readPounds(l.row, l.form.out)
	}
	if !noAmount(l.row.text(l.form.in)) {
		in = readPounds(l.row, l.form.in)
	}
	switch {
	case len(l.row.table.found.found) > before:
	case out > 0 && in > 0:
		l.row.fault(l.form.in, "the line was both paid out and paid in", "give one amount a line")
	case out == 0 && in == 0:
		l.row.fault(l.form.out, "the line was neither paid out nor paid in; a balance is not a payment", "give the amount, or take the row out")
	}
	l.pence, l.returned = out+in, in > 0
}

// readStatus reads whether the payment came back; without a status it was paid.
func (l *statementLine) readStatus() {
	if !l.row.table.has(l.form.status) {
		return
	}
	switch strings.ToLower(l.row.text(l.form.status)) {
	case "", "paid":
	case "returned":
		l.returned = true
	default:
		l.row.fault(l.form.status, quoted(l.row.text(l.form.status))+" is no status", "write paid, or returned for a payment that came back, or leave it blank")
	}
}

var (
	poundsForm = regexp.MustCompile(`^£?([0-9]{1,12}|[0-9]{1,3}(,[0-9]{3}){1,3})\.[0-9]{2}$`)
	cellForm   = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,2})?$`) // a workbook keeps 1250.50 as 1250.5
	lessForm   = regexp.MustCompile(`^(-|\(|£-).*[0-9]`)
	noneForm   = regexp.MustCompile(`^(£?0*(\.0*)?)$`)
)

// noAmount reports whether a cell of two for an amount says that it is in the other.
func noAmount(text string) bool { return noneForm.MatchString(text) }

// readPounds reads an amount in pounds with both its decimals: without them nobody could tell pounds from pence. It is
// exact: no number of it is ever a fraction in binary.
func readPounds(r row, column string) domain.Pence {
	text := r.text(column)
	switch {
	case text == "":
		r.fault(column, "the amount is blank", "write pounds with two decimals: 1,250.50")
		return 0
	case noAmount(text) || lessForm.MatchString(text):
		r.fault(column, quoted(text)+" is not more than nothing",
			"write what was paid without a sign; a payment that came back has a status or a column of its own; take other rows out")
		return 0
	case r.table.sheet != "" && cellForm.MatchString(text):
		pounds, decimals, _ := strings.Cut(text, ".")
		text = pounds + "." + (decimals + "00")[:2]
	case !poundsForm.MatchString(text):
		r.fault(column, quoted(text)+" is not an amount in pounds", "write pounds with two decimals: 1,250.50")
		return 0
	}
	pence, _ := strconv.ParseInt(strings.NewReplacer("£", "", ",", "", ".", "").Replace(text), 10, 64)
	if domain.Pence(pence) > domain.MostPence {
		r.fault(column, fmt.Sprintf("%s is more than a payment can be, which is %s", quoted(text), domain.MostPence), "check the amount")
		return 0
	}
	return domain.Pence(pence)
}

// names reports whether a folded text holds a name as a word of its own: PR-1 is not in PR-12.
func names(text, name string) bool {
	for from := 0; name != ""; {
		at := strings.Index(text[from:], name)
		if at < 0 {
			return false
		}
		start, end := from+at, from+at+len(name)
		if (start == 0 || !wordEnds(text[:start], true)) && (end == len(text) || !wordEnds(text[end:], false)) {
			return true
		}
		from = start + 1
	}
	return false
}

// wordEnds reports whether a text ends, or begins, within a word.
func wordEnds(text string, last bool) bool {
	at := 0
	if last {
		at = len(text) - 1
	}
	c := text[at]
	return c == '-' || c >= 0x80 || bytes.IndexByte([]byte("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"), c) >= 0
}
