package bench

import (
	"fmt"

	"pcnledger/domain"
	"pcnledger/ledger"
)

// submit has a network claim a month for everybody it has engaged.
func (g *generator) submit(n *network, m int) ledger.Command {
	c := domain.SubmitClaim{Network: n.code, Month: month(m), Reference: fmt.Sprintf("claim of month %d", m), Declaration: true}
	for _, p := range n.people {
		c.Lines = append(c.Lines, domain.ClaimLine{Person: p.token, Costs: p.cost})
	}
	return g.command(c, "")
}
