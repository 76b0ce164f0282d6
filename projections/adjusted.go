package projections

import "pcnledger/domain"

// What an adjustment brings is counted as what it is like: a line that is more as a line of a run, and each month of a line
// that is less as a recovery.

// asRun is a line of an adjustment that is more, as a line of a run.
func asRun(line *domain.AdjustmentLine) domain.EntitlementLine {
	raised := domain.EntitlementLine{
		Payee: line.Payee, Beneficiary: line.Beneficiary, Practice: line.Practice, Category: line.Category, Pence: line.Pence,
		Parts: make([]domain.EntitlementPart, len(line.Parts)),
	}
	for i := range line.Parts {
		part := &line.Parts[i]
		raised.Footing = part.Now
		raised.Parts[i] = domain.EntitlementPart{For: part.For, Pence: part.Pence, On: &part.Now, Draws: part.Draws}
	}
	return raised
}

// asRecovery is one month of a line that is less, as a recovery from the item that too much was raised in.
func asRecovery(e *domain.EntitlementAdjusted, line *domain.AdjustmentLine, part *domain.AdjustedPart) domain.RecoveryRaised {
	return domain.RecoveryRaised{
		Item: line.Of, Fund: e.Fund, Payee: line.Payee, Beneficiary: line.Beneficiary, Category: line.Category, For: part.For,
		Charge: part.Charge, Reason: e.Reason, Due: e.Due, Pence: part.Pence, Draws: part.Draws,
	}
}
