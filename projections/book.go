package projections

import "pcnledger/domain"

// A book is what the views of a ledger share: a word for every text, a number for every place where money can stand, and
// what was posted to each place. So a posting is looked up once, and each view adds to a row by its number. All views of a
// ledger point to one book.
type book struct {
	words   words[word]
	persons words[person]
	texts   texts
	places  table[placeKey, posted]
	totals  table[totalKey, Turnover]
	recent  recent
}

// A place is a bucket of an account of a fund.
type place struct {
	Account domain.Account
	Fund    domain.FundCode
	Bucket  domain.Bucket
}

// A bucket is a [domain.Bucket] in words.
type bucket struct{ payee, beneficiary, category, service word }

// A placeKey is a place in words.
type placeKey struct {
	bucket
	fund    word
	account account
}

func (k placeKey) hash() uint32 {
	return uint32(mix(mix(mix(uint64(k.account), uint64(k.fund)), pair(k.payee, k.beneficiary)), pair(k.category, k.service)))
}

// An account is its place in the order of a trial balance.
type account uint8

// accounts are as many as accountCount.
var accounts = [accountCount]domain.Account(domain.Accounts())

const accountCount = 13

func accountOf(a domain.Account) account { return account(a.Order()) }

func (a account) name() domain.Account { return accounts[a] }

// A recent is what was asked for lately. The lines of an event, and the views of a line, mostly ask for the same again.
type recent struct {
	fund, payee, beneficiary, category, service, date, actor recentTexts

	places [accountCount]recentPlace // by account
}

// recentTexts are a few texts and their words, by the length and the last letter of the text.
type recentTexts [8]struct {
	text string
	word word
}

// A recentPlace is a place and its number, from 1.
type recentPlace struct {
	key    placeKey
	number int32
}

// word returns the word of a text, quickly if it was asked for lately.
func (k *book) word(recent *recentTexts, text string) word {
	if text == "" {
		return 0
	}
	known := &recent[(len(text)+int(text[len(text)-1]))%len(recent)]
	if known.text != text {
		known.text, known.word = text, k.words.of(text)
	}
	return known.word
}

func (k *book) fund(code domain.FundCode) word { return k.word(&k.recent.fund, string(code)) }
func (k *book) payee(b domain.Body) word       { return k.word(&k.recent.payee, string(b)) }
func (k *book) beneficiary(b domain.Body) word { return k.word(&k.recent.beneficiary, string(b)) }
func (k *book) category(category domain.Category) word {
	return k.word(&k.recent.category, string(category))
}
func (k *book) service(s domain.Service) word { return k.word(&k.recent.service, string(s)) }
func (k *book) date(d domain.Date) word       { return k.word(&k.recent.date, string(d)) }

func (k *book) person(token domain.Person) person { return k.persons.of(string(token)) }

func (k *book) bucket(b *domain.Bucket) bucket {
	return bucket{k.payee(b.Payee), k.beneficiary(b.Beneficiary), k.category(b.Category), k.service(b.For)}
}

// place returns the number of a place.
func (k *book) place(a domain.Account, fund word, b bucket) int32 {
	key := placeKey{b, fund, accountOf(a)}
	recent := &k.recent.places[key.account]
	if recent.key != key || recent.number == 0 {
		*recent = recentPlace{key, k.places.number(key) + 1}
	}
	return recent.number - 1
}

// placeAt returns the place with a number.
func (k *book) placeAt(number int32) place {
	key := k.places.key(number)
	return place{key.account.name(), domain.FundCode(k.words.text(key.fund)), k.bucketOf(key.bucket)}
}

func (k *book) bucketOf(b bucket) domain.Bucket {
	return domain.Bucket{
		Payee: domain.Body(k.words.text(b.payee)), Beneficiary: domain.Body(k.words.text(b.beneficiary)),
		Category: domain.Category(k.words.text(b.category)), For: domain.Service(k.words.text(b.service)),
	}
}

// find returns the number of a place, if money was ever to stand there.
func (k *book) find(a domain.Account, fund domain.FundCode, b domain.Bucket) (number int32, met bool) {
	key := placeKey{account: accountOf(a)}
	for _, part := range []struct {
		text string
		word *word
	}{
		{string(fund), &key.fund}, {string(b.Payee), &key.payee}, {string(b.Beneficiary), &key.beneficiary},
		{string(b.Category), &key.category}, {string(b.For), &key.service},
	} {
		if *part.word, met = k.words.find(part.text); !met {
			return 0, false
		}
	}
	return k.places.find(key)
}

// A posted is what was posted to one place. Total is the number of its fund and account among the totals, from 1; 0 while
// nothing was posted.
type posted struct {
	Turnover
	total int32
}

// A totalKey is an account of a fund.
type totalKey struct {
	fund    word
	account account
}

func (k totalKey) hash() uint32 { return uint32(mix(uint64(k.account), uint64(k.fund))) }

// post adds pence to a place.
func (k *book) post(to int32, pence domain.Pence) {
	at := k.places.at(to)
	if at.total == 0 {
		key := k.places.key(to)
		at.total = k.totals.number(totalKey{key.fund, key.account}) + 1
	}
	at.post(pence)
	k.totals.at(at.total - 1).post(pence)
}

// total returns what was posted to an account of a fund.
func (k *book) total(fund domain.FundCode, a account) Turnover {
	code, met := k.words.find(string(fund))
	if !met {
		return Turnover{}
	}
	number, met := k.totals.find(totalKey{code, a})
	if !met {
		return Turnover{}
	}
	return *k.totals.at(number)
}

// A source is a [domain.Source] in texts.
type source struct{ title, file, sha256, address, licence, note text }

func (k *book) source(s *domain.Source) source {
	add := k.texts.add
	return source{add(s.Title), add(s.File), add(s.SHA256), add(s.Address), add(s.Licence), add(s.Note)}
}

func (k *book) sourceOf(s source) domain.Source {
	text := k.texts.text
	return domain.Source{
		Title: text(s.title), File: text(s.file), SHA256: text(s.sha256),
		Address: text(s.address), Licence: text(s.licence), Note: text(s.note),
	}
}
