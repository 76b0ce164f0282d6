package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"pcnledger/cmd/pcnledger/oxfordshire"
	"pcnledger/domain"
	"pcnledger/intake"
	"pcnledger/projections"
)

// filled returns a command's data with what the example leaves open: items, claims and amounts that follow from the
// ledger as it stands, or from published rates and lists.
func (p *player) filled(ctx context.Context, c oxfordshire.Command) ([]byte, error) {
	data := map[string]any{}
	if err := json.Unmarshal(c.Data, &data); err != nil {
		return nil, err
	}
	if c.Items != nil {
		p.fillItems(data, *c.Items)
	}
	if c.Annual != nil {
		p.fillAnnual(data, *c.Annual, c.Command == "ConfirmFunding")
	}
	if c.Networks != "" {
		data["networks"] = p.networks(c.Networks)
	}
	if due, ok := data["due"].([]any); ok {
		for _, of := range due {
			of := of.(map[string]any)
			of["networks"] = p.networks(of["networks"].(string))
		}
	}
	if c.Budget > 0 {
		p.fillBudget(data, c.Budget)
	}
	if err := p.fillNumbers(ctx, data, c); err != nil {
		return nil, err
	}
	return json.Marshal(data, json.Deterministic(true))
}

// fillItems adds a line for each item that is open where the example says, and nets what the payees owe.
func (p *player) fillItems(data map[string]any, of oxfordshire.Items) {
	funds := of.Funds
	if of.Fund != "" {
		funds = append(funds, of.Fund)
	}
	open := func(account string) (lines []domain.SettleLine) {
		for _, item := range p.ledger.Views().Items.All() {
			if string(item.Account) == account && slices.Contains(funds, string(item.Fund)) && item.Open() > 0 &&
				(of.Payee == "" || string(item.Payee) == of.Payee) {
				lines = append(lines, domain.SettleLine{Item: item.ID, Pence: item.Open()})
			}
		}
		return lines
	}
	data["lines"] = open(of.Account)
	if owed := open(string(domain.Receivables)); of.Net && len(owed) > 0 {
		data["netted"] = owed
	}
}

// fillAnnual adds what rates come to in a year: in one sum to confirm, or network by network to allocate.
func (p *player) fillAnnual(data map[string]any, of oxfordshire.Annual, oneSum bool) {
	var sum domain.Pence
	var lines []domain.Line
	for _, network := range p.networks(of.Networks) {
		for _, rate := range domain.RateCard("2019-20") {
			if !slices.Contains(of.Rates, string(rate.Rate)) || rate.Edition != "" {
				continue
			}
			pence := p.annual(rate, network)
			sum += pence
			lines = append(lines, domain.Line{Bucket: domain.Bucket{Beneficiary: network, Category: rate.Category}, Pence: pence})
		}
	}
	if oneSum {
		data["pence"] = sum
	} else {
		data["lines"] = lines
	}
}

// annual is what a rate comes to for a network: on the sum of its members' lists, or practice by practice.
func (p *player) annual(rate domain.Rate, network domain.Body) domain.Pence {
	var sum domain.Pence
	var patients int64
	for _, size := range p.members(network, rate.Population) {
		patients += size
		sum += domain.Annual(rate, size)
	}
	if rate.Payee == domain.PayPractice {
		return sum
	}
	return domain.Annual(rate, patients)
}

// members returns a network's practices with their lists.
func (p *player) members(network domain.Body, population domain.Population) map[domain.Body]int64 {
	registry := &p.ledger.Views().Registry
	sizes := map[domain.Body]int64{}
	for _, list := range registry.Lists() {
		for _, line := range list.Lines {
			if list.Population == population && registry.NetworkOf(line.Practice, desBegins) == network {
				sizes[line.Practice] = line.Patients
			}
		}
	}
	return sizes
}

// desBegins is the first day of the year whose entitlements the example pays.
const desBegins = domain.Date("2019-04-01")

// networks lists the published networks, or the example's own, by code.
func (p *player) networks(which string) []domain.Body {
	var codes []domain.Body
	for _, b := range p.ledger.Views().Registry.Bodies() {
		isExample := strings.HasPrefix(string(b.Code), "local:")
		if b.Kind == domain.KindNetwork && isExample == (which == "example") && hasMembers(&p.ledger.Views().Registry, b.Code) {
			codes = append(codes, b.Code)
		}
	}
	return codes
}

func hasMembers(registry *projections.Registry, network domain.Body) bool {
	return slices.ContainsFunc(registry.Memberships(), func(m projections.Membership) bool { return m.Network == network })
}

// fillBudget adds a fund's limit in so many months from April on.
func (p *player) fillBudget(data map[string]any, months int) {
	fund, _ := p.ledger.Views().Funds.Fund(domain.FundCode(fmt.Sprint(data["fund"])))
	weights := make([]domain.Weight, months)
	for i := range weights {
		weights[i] = domain.Weight{Code: fmt.Sprintf("%s/M%02d", fund.Year, i+1), Amount: 1}
	}
	var profile []domain.BudgetMonth
	for i, pence := range domain.Split(fund.Control.Limit, weights) {
		profile = append(profile, domain.BudgetMonth{Month: domain.Service(weights[i].Code), Pence: pence})
	}
	data["months"] = profile
}

// fillNumbers adds the number of a claim, or an item, that an earlier command of the example caused.
func (p *player) fillNumbers(ctx context.Context, data map[string]any, c oxfordshire.Command) error {
	if c.Claim != "" {
		number, err := p.ledger.NumberOf(ctx, c.Claim)
		if err != nil {
			return err
		}
		data["claim"] = number
	}
	for member, id := range map[string]string{"spend": c.Spend, "run": c.Run} {
		if id == "" {
			continue
		}
		number, err := p.caused(ctx, id)
		if err != nil {
			return err
		}
		data[member] = number
	}
	if c.Transit != nil {
		if err := p.fillTransit(ctx, data, *c.Transit, c.Command == "SettlePayment"); err != nil {
			return err
		}
	}
	if c.Item != "" {
		number, err := p.caused(ctx, c.Item)
		if err != nil {
			return err
		}
		data["item"] = fmt.Sprintf("%d.1", number)
	}
	return nil
}

// caused returns the number of the event that a command caused: of one that was held, what its approval caused.
func (p *player) caused(ctx context.Context, id string) (int64, error) {
	number, err := p.ledger.NumberOf(ctx, "approve-"+id)
	if err == nil {
		return number + 1, nil // RequestApproved comes first
	}
	return p.ledger.NumberOf(ctx, id)
}

// fillTransit adds a line for each payment of a run that is on its way. A settlement names the run in its lines.
func (p *player) fillTransit(ctx context.Context, data map[string]any, of oxfordshire.Transit, settles bool) error {
	run := data["run"].(int64)
	var sent transit
	if err := p.ledger.Recorded(ctx, sent.apply); err != nil {
		return err
	}
	payments := sent.inTransit()
	slices.SortFunc(payments, func(a, b intake.InTransit) int { return strings.Compare(string(a.Item), string(b.Item)) })
	var lines []domain.SettleLine
	for _, payment := range payments {
		if payment.Run != run || of.Payee != "" && string(payment.Payee) != of.Payee {
			continue
		}
		line := domain.SettleLine{Item: payment.Item, Pence: payment.Pence}
		if settles {
			line.Run = run
		}
		lines = append(lines, line)
	}
	if settles {
		delete(data, "run")
	}
	data["lines"] = lines
	return nil
}
