package eventstore

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A line has one spelling, which the JSON library gives it: [writeStrictly] and [readStrictly] say what that is. Nearly
// every line needs none of the library's generality, so [appendLine] and [parseLine] walk over its bytes by hand and turn
// to the library for whatever is not plain: a line that they take by hand is one that the library would take, as the same
// event, and only the library calls a line wrong.

// Line returns the event as it stands in the log: one line of JSON without the comma that may follow it. The same event
// gives the same bytes always.
func (e Event) Line() ([]byte, error) { return appendLine(nil, &e) }

// MarshalJSON returns the event's line.
func (e Event) MarshalJSON() ([]byte, error) { return e.Line() }

// appendLine appends the event's line to dst.
func appendLine(dst []byte, e *Event) ([]byte, error) {
	if line, ok := appendPlainLine(dst, e); ok {
		return line, nil
	}
	line, err := writeStrictly(e)
	return append(dst, line...), err
}

// parseLine is the inverse of [Event.Line]. It accepts no other spelling of the same event: an unknown, missing, repeated
// or moved member, a space or an escape that Line would not write, all are errors. The event's data is a part of line, not
// a copy.
func parseLine(line []byte) (Event, error) {
	if e, ok := scanLine(line); ok {
		return e, nil
	}
	return readStrictly(line)
}

// bare is an Event without its methods.
type bare Event

func writeStrictly(e *Event) ([]byte, error) { return json.Marshal((*bare)(e), lineWriting) }

func readStrictly(line []byte) (Event, error) {
	var e bare
	if err := json.Unmarshal(line, &e, lineReading); err != nil {
		return Event{}, err
	}
	again, err := writeStrictly((*Event)(&e))
	if err != nil {
		return Event{}, err
	}
	if !bytes.Equal(again, line) {
		return Event{}, errors.New("the line is not in the form this log writes: a member is missing, moved or spelt otherwise")
	}
	return Event(e), nil
}

var (
	lineWriting = json.WithMarshalers(json.MarshalToFunc(writeTime))
	lineReading = json.JoinOptions(json.WithUnmarshalers(json.UnmarshalFromFunc(readTime)), json.RejectUnknownMembers(true))
)

func writeTime(enc *jsontext.Encoder, t time.Time) error {
	return enc.WriteToken(jsontext.String(t.UTC().Format(timeLayout)))
}

func readTime(dec *jsontext.Decoder, t *time.Time) error {
	token, err := dec.ReadToken()
	if err != nil {
		return err
	}
	*t, err = time.Parse(timeLayout, token.String())
	return err
}

// The members of a line, each with what stands between it and the one before. Text ends with a quote.
const (
	openVersion     = `{"specversion":"`
	openID          = `,"id":"`
	openSource      = `,"source":"`
	openType        = `,"type":"`
	openSchema      = `,"dataschema":"`
	openSubject     = `,"subject":"`
	openTime        = `,"time":"`
	openContent     = `,"datacontenttype":"`
	openNumber      = `,"number":`
	openCommit      = `,"commit":`
	openOf          = `,"of":`
	openCommand     = `,"commandid":"`
	openCommandHash = `,"commandhash":"`
	openActor       = `,"actor":"`
	openAuth        = `,"auth":"`
	openEffective   = `,"effectivedate":"`
	openPeriod      = `,"period":"`
	openRequest     = `,"request":"`
	openRaisedBy    = `,"raisedby":"`
	openApprovedBy  = `,"approvedby":"`
	openData        = `,"data":`

	// leastBeforeData is what the members that a line must have take by themselves.
	leastBeforeData = len(openVersion + openID + openSource + openType + openSchema + openSubject + openTime + timeLayout + openContent +
		openNumber + openCommit + openOf + openCommand + openCommandHash + openActor + openAuth)
)

// scanLine reads a line whose text needs no escapes and whose data is surely spelt as the library would spell it. Of any
// other line it says nothing. The strings of the event share one copy of the line up to the data.
func scanLine(line []byte) (e Event, ok bool) {
	// The data of every event is an object. Should there be a brace in the text before it, the library reads the line.
	if len(line) < leastBeforeData || line[len(line)-1] != '}' {
		return e, false
	}
	at := leastBeforeData + bytes.IndexByte(line[leastBeforeData:], '{')
	head, ok := bytes.CutSuffix(line[:at], []byte(openData))
	data := line[at : len(line)-1]
	if !ok || !plain(head) || skipValue(data, 0, 0) != len(data) {
		return e, false
	}
	s := lineScanner{rest: string(head)}
	s.event(&e)
	e.Data = data
	return e, !s.failed && s.rest == ""
}

// lineScanner takes a line apart from the front.
type lineScanner struct {
	rest   string
	failed bool
}

func (s *lineScanner) event(e *Event) {
	e.SpecVersion = s.text(openVersion)
	e.ID = s.text(openID)
	e.Source = s.text(openSource)
	e.Type = s.text(openType)
	e.DataSchema = s.text(openSchema)
	e.Subject = s.text(openSubject)
	e.Time = s.time(openTime)
	e.DataContentType = s.text(openContent)
	e.Number = s.whole(openNumber)
	e.Commit = s.whole(openCommit)
	e.Of = int(s.whole(openOf))
	e.CommandID = s.text(openCommand)
	e.CommandHash = s.text(openCommandHash)
	e.Actor = s.text(openActor)
	e.Auth = s.text(openAuth)
	e.EffectiveDate = s.optional(openEffective)
	e.Period = s.optional(openPeriod)
	e.Request = s.optional(openRequest)
	e.RaisedBy = s.optional(openRaisedBy)
	e.ApprovedBy = s.optional(openApprovedBy)
}

func (s *lineScanner) text(open string) string {
	rest, ok := strings.CutPrefix(s.rest, open)
	end := strings.IndexByte(rest, '"')
	if !ok || end < 0 {
		s.failed = true
		return ""
	}
	s.rest = rest[end+1:]
	return rest[:end]
}

// optional reads a member that stands there only if it is not empty.
func (s *lineScanner) optional(open string) string {
	if !strings.HasPrefix(s.rest, open) {
		return ""
	}
	text := s.text(open)
	s.failed = s.failed || text == ""
	return text
}

// mostDigits is how many digits a number may have that surely fits.
const mostDigits = 18

func (s *lineScanner) whole(open string) (n int64) {
	rest, ok := strings.CutPrefix(s.rest, open)
	end := 0
	for end < len(rest) && rest[end]-'0' <= 9 {
		n = n*10 + int64(rest[end]-'0')
		end++
	}
	if !ok || end == 0 || end > mostDigits || end > 1 && rest[0] == '0' {
		s.failed = true
	}
	s.rest = rest[end:]
	return n
}

func (s *lineScanner) time(open string) time.Time {
	t, ok := scanTime(s.text(open))
	s.failed = s.failed || !ok
	return t
}

// scanTime reads an instant in timeLayout.
func scanTime(t string) (time.Time, bool) {
	if len(t) != len(timeLayout) || t[4] != '-' || t[7] != '-' || t[10] != 'T' || t[13] != ':' || t[16] != ':' || t[19] != '.' || t[23] != 'Z' {
		return time.Time{}, false
	}
	var odd byte
	number := func(from, to int) (n int) {
		for i := from; i < to; i++ {
			digit := t[i] - '0'
			n, odd = n*10+int(digit), max(odd, digit)
		}
		return n
	}
	year, month, day := number(0, 4), number(5, 7), number(8, 10)
	hour, minute, second, milli := number(11, 13), number(14, 16), number(17, 19), number(20, 23)
	if odd > 9 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	at := time.Date(year, time.Month(month), day, hour, minute, second, milli*int(time.Millisecond), time.UTC)
	return at, day <= 28 || at.Day() == day // 30 February is another day
}

// appendPlainLine appends the line of an event that [scanLine] would read. Of any other event it says nothing.
func appendPlainLine(dst []byte, e *Event) ([]byte, bool) {
	year := e.Time.UTC().Year()
	if year < 0 || year > 9999 || skipValue(e.Data, 0, 0) != len(e.Data) {
		return dst, false
	}
	w := lineWriter{slices.Grow(dst, roomBesideData+len(e.Data)), false}
	w.text(openVersion, e.SpecVersion)
	w.text(openID, e.ID)
	w.text(openSource, e.Source)
	w.text(openType, e.Type)
	w.text(openSchema, e.DataSchema)
	w.text(openSubject, e.Subject)
	w.time(openTime, e.Time.UTC())
	w.text(openContent, e.DataContentType)
	w.whole(openNumber, e.Number)
	w.whole(openCommit, e.Commit)
	w.whole(openOf, int64(e.Of))
	w.text(openCommand, e.CommandID)
	w.text(openCommandHash, e.CommandHash)
	w.text(openActor, e.Actor)
	w.text(openAuth, e.Auth)
	w.optional(openEffective, e.EffectiveDate)
	w.optional(openPeriod, e.Period)
	w.optional(openRequest, e.Request)
	w.optional(openRaisedBy, e.RaisedBy)
	w.optional(openApprovedBy, e.ApprovedBy)
	w.line = append(append(append(w.line, openData...), e.Data...), '}')
	return w.line, !w.failed
}

// roomBesideData is what most lines take beside their data.
const roomBesideData = 640

// lineWriter writes a line from the front.
type lineWriter struct {
	line   []byte
	failed bool
}

func (w *lineWriter) text(open, text string) {
	w.line = append(w.line, open...)
	from := len(w.line)
	w.line = append(append(w.line, text...), '"')
	end, ascii := plainEnd(w.line, from)
	w.failed = w.failed || end != len(w.line)-1 || !ascii && !utf8.ValidString(text)
}

func (w *lineWriter) optional(open, text string) {
	if text != "" {
		w.text(open, text)
	}
}

func (w *lineWriter) whole(open string, n int64) {
	w.line = strconv.AppendInt(append(w.line, open...), n, 10)
}

func (w *lineWriter) time(open string, t time.Time) {
	w.line = append(t.AppendFormat(append(w.line, open...), timeLayout), '"')
}

const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
)

// plainEnd returns where the first byte of b from i on stands that cannot stand for itself in JSON text: a quote, a
// backslash or a control character; len(b) if there is none. ascii is false if one that is not ASCII may stand before it.
func plainEnd(b []byte, i int) (end int, ascii bool) {
	var high uint64
	for ; len(b)-i >= 8; i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		high |= w & highs
		// x-ones carries out of a byte of x that is 0, and w-32*ones out of one of w below 32. What it carries into a
		// byte above may be wrong; the lowest is right.
		quote, backslash := w^'"'*ones, w^'\\'*ones
		if odd := ((quote-ones)&^quote | (backslash-ones)&^backslash | (w-' '*ones)&^w) & highs; odd != 0 {
			return i + bits.TrailingZeros64(odd)>>3, high == 0
		}
	}
	for ; i < len(b); i++ {
		c := b[i]
		high |= uint64(c & 0x80)
		if c == '"' || c == '\\' || c < ' ' {
			break
		}
	}
	return i, high == 0
}

// plain reports whether all of b but its quotes stands for itself in JSON text.
func plain(b []byte) bool {
	var high, odd uint64
	i := 0
	for ; len(b)-i >= 8; i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		backslash := w ^ '\\'*ones
		high |= w
		odd |= (backslash-ones)&^backslash | (w-' '*ones)&^w
	}
	for _, c := range b[i:] {
		high |= uint64(c)
		if c == '\\' || c < ' ' {
			return false
		}
	}
	return odd&highs == 0 && (high&highs == 0 || utf8.Valid(b))
}
