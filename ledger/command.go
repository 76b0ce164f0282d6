package ledger

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pcnledger/domain"
)

// A Command is a command as it was sent: one JSON object {"id","command","data","effective"?}.
type Command struct {
	ID        string         `json:"id"`
	Name      string         `json:"command"`
	Data      jsontext.Value `json:"data"`
	Effective string         `json:"effective,omitzero"` // 2019-01-15; only for commands that move money
}

// A MalformedError reports text that is no command at all: not JSON, a duplicate or unknown member, a wrong type.
// Whoever wrote the file must mend it; it was not put to the ledger.
type MalformedError struct{ Err error }

func (e *MalformedError) Error() string { return "this is no command: " + e.Err.Error() }
func (e *MalformedError) Unwrap() error { return e.Err }

// ParseCommand reads one command. It checks the form only; whether the id, the name and the data make sense is decided
// by [Ledger.Submit].
func ParseCommand(line []byte) (Command, error) {
	var c Command
	if err := json.Unmarshal(line, &c, json.RejectUnknownMembers(true)); err != nil {
		return Command{}, &MalformedError{PlainJSON(err)}
	}
	return c, nil
}

// Encode returns c as it would be sent. Effective is zero for commands that move no money.
func Encode(id string, c domain.Command, effective domain.Date) Command {
	data, err := json.Marshal(c)
	if err != nil {
		panic("a command that is no JSON: " + err.Error())
	}
	return Command{ID: id, Name: domain.KindOf(c).Name, Data: data, Effective: string(effective)}
}

// The rules of the command itself, before any rule of the domain.
const (
	RuleCommandID      domain.Rule = "command-id"
	RuleCommandUnknown domain.Rule = "command-unknown"
	RuleCommandData    domain.Rule = "command-data"
	RuleCommandReused  domain.Rule = "command-reused"
	RuleCommandLarge   domain.Rule = "command-too-large"
)

// command turns what was sent into a command of the domain, or refuses it with the member that is wrong.
func (d *decoder) command(c Command) (domain.Command, domain.Date, error) {
	kind, ok := domain.CommandNamed(c.Name)
	if !ok || kind.Shell {
		return nil, "", &domain.Refusal{Rule: RuleCommandUnknown,
			Reason: fmt.Sprintf("there is no command %q", c.Name), Remedy: "use one of: " + commandNames()}
	}
	if len(c.Data) == 0 {
		return nil, "", &domain.Refusal{Rule: RuleCommandData, Reason: "the command has no data",
			Remedy: `add "data": { … }: pcnledger do --help shows an example`}
	}
	command, err := kind.Decode(func(into any) error { return d.unmarshal(c.Data, into) })
	if err != nil {
		return nil, "", dataRefusal(err)
	}
	if c.Effective == "" {
		return command, "", nil
	}
	effective, err := domain.ParseDate(c.Effective)
	if err != nil {
		return nil, "", &domain.Refusal{Rule: RuleCommandData, Reason: "effective: " + err.Error(), Remedy: "correct the date"}
	}
	return command, effective, nil
}

// dataRefusal says which member of a command's data is wrong, and keeps the rule where the domain named one.
func dataRefusal(err error) *domain.Refusal {
	where := ""
	var semantic *json.SemanticError
	if errors.As(err, &semantic) && semantic.JSONPointer != "" {
		where = "data" + string(semantic.JSONPointer) + ": "
	}
	var refusal *domain.Refusal
	if errors.As(err, &refusal) {
		located := *refusal
		located.Reason = where + refusal.Reason
		return &located
	}
	return &domain.Refusal{Rule: RuleCommandData, Reason: where + PlainJSON(err).Error(),
		Remedy: "correct that member; nothing is guessed"}
}

// PlainJSON takes the library's own preamble off an error of JSON: what is wrong and at which member is left.
func PlainJSON(err error) error {
	var semantic *json.SemanticError
	if errors.As(err, &semantic) {
		if errors.Is(err, json.ErrUnknownName) {
			return fmt.Errorf("there is no such member here (unknown name at %s)", semantic.JSONPointer)
		}
		if semantic.Err != nil {
			return semantic.Err
		}
		return fmt.Errorf("a JSON %s does not fit here", semantic.JSONKind)
	}
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) {
		if syntactic.JSONPointer == "" {
			return syntactic.Err
		}
		return fmt.Errorf("%w at %q", syntactic.Err, syntactic.JSONPointer)
	}
	return err
}

func commandNames() string {
	var names []string
	for _, kind := range domain.Commands() {
		if !kind.Shell {
			names = append(names, kind.Name)
		}
	}
	return strings.Join(names, ", ")
}
