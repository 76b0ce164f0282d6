package intake

import (
	"fmt"
	"strings"

	"pcnledger/domain"
)

// String says in a line what a command asks for, and where in the file it begins.
func (n Numbered) String() string { return fmt.Sprintf("line %d: %s", n.Line, asked(n.Command)) }

func asked(c domain.Command) string {
	switch c := c.(type) {
	case domain.RegisterBody:
		return strings.TrimSpace(fmt.Sprintf("RegisterBody %s %s %s", c.Kind, c.Body.Bare(), c.Name))
	case domain.RecordListSizes:
		return fmt.Sprintf("RecordListSizes of %s patients, %s", c.Population, counted(int64(len(c.Lines)), "practice"))
	case domain.RecordMembership:
		return fmt.Sprintf("RecordMembership of %s, %s", c.Network.Bare(), counted(int64(len(c.Members)), "member"))
	case domain.AdoptRateCard:
		return fmt.Sprintf("AdoptRateCard of %s, %s", c.Year, counted(int64(len(c.Own)), "own rate"))
	case domain.EngageRole:
		return fmt.Sprintf("EngageRole of %s as %s with %s from %s", c.Person, c.Role, c.Network.Bare(), c.From)
	case domain.EndRole:
		return fmt.Sprintf("EndRole of %s on %s", c.Person, c.To)
	case domain.SubmitClaim:
		return fmt.Sprintf("SubmitClaim of %s for %s, %s", c.Network.Bare(), c.Month, counted(int64(len(c.Lines)), "post"))
	case domain.RecordQuantity:
		return fmt.Sprintf("RecordQuantity of %s from %s, %s", c.Measure, c.From, countedBodies(len(c.Lines)))
	}
	return strings.TrimPrefix(fmt.Sprintf("%T", c), "domain.")
}
