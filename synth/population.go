package synth

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math/bits"

	"pacsuat/synth/draw"
)

// Home is a site that patients belong to.
type Home struct {
	Site   string // its name
	Fence  Fence  // its format of Patient IDs, its issuer and its name prefix
	Weight int    // how many of the people belong to it, in relation to the others
}

// Person is one of a population.
type Person struct {
	Patient
	Site string // the home, which gave the Patient ID

	// CharacterSet is the one that the name is written in: the values of
	// (0008,0005) for studies of this person.
	CharacterSet []string
}

// Population is the people of a cluster: as many as are asked for, each the same
// whoever asks, in whatever order, at whichever site. It is immutable.
//
// A person keeps the home site's Patient ID everywhere. A study made at another
// site needs an Identity whose fence has the same Patient ID and name prefixes.
type Population struct {
	homes  []residence
	weight int
	seed   [sha256.Size]byte
}

// residence is a home with the way that it writes Patient IDs.
type residence struct {
	Home
	format idFormat
}

// maxWeight bounds the weights of homes together, so that they can be drawn.
const maxWeight = 1 << 30

// NewPopulation returns the people of these homes. The nonce is drawn anew for
// every execution; the scope is the cluster. It fails without a home, for a fence
// that cannot be used, for a name used twice, and for weights that are negative or
// together zero.
func NewPopulation(nonce, scope string, homes []Home) (*Population, error) {
	if len(homes) == 0 {
		return nil, errors.New("synth: a population needs a home, a site that its patients belong to")
	}
	p := &Population{}
	h := sha256.New()
	writeField(h.Write, "pacsuat/population/1")
	writeField(h.Write, nonce)
	writeField(h.Write, scope)
	h.Sum(p.seed[:0])
	names := map[string]bool{}
	for _, home := range homes {
		if err := home.Fence.Check(); err != nil {
			return nil, fmt.Errorf("synth: home %q: %w", home.Site, err)
		}
		if names[home.Site] {
			return nil, fmt.Errorf("synth: two homes are named %q", home.Site)
		}
		if home.Weight < 0 || home.Weight > maxWeight-p.weight {
			return nil, fmt.Errorf("synth: home %q has the weight %d; weights are not negative and at most %d together", home.Site, home.Weight, maxWeight)
		}
		names[home.Site] = true
		home.Fence = home.Fence.WithDefaults()
		p.weight += home.Weight
		p.homes = append(p.homes, residence{home, newIDFormat(home.Fence, p.seed)})
	}
	if p.weight == 0 {
		return nil, errors.New("synth: all homes of the population have the weight 0; give one a share")
	}
	return p, nil
}

// Person returns person i. Two have the same Patient ID only if the home's format
// has no room for both: if it can be written in fewer ways than i, see
// Fence.PatientIDFormat; a check letter does not count.
func (p *Population) Person(i int) Person {
	h := sha256.New()
	_, _ = h.Write(p.seed[:]) // a hash's Write never fails
	writeNumber(h.Write, i)
	var sum [sha256.Size]byte
	h.Sum(sum[:0])
	d := draw.FromSum(sum)

	home := p.home(d.Below(p.weight))
	birth, female := born(d, 0)
	of := resident(d)
	characterSet := characterSetOf(d, of)
	return Person{
		Patient: Patient{
			ID:        home.format.id(uint64(i), d),
			Issuer:    home.Fence.Issuer,
			Name:      marked(home.Fence.NamePrefix, repertoireOf(characterSet), d, of, !female),
			BirthDate: birth,
			Sex:       sexOf(female),
		},
		Site:         home.Site,
		CharacterSet: characterSet,
	}
}

func (p *Population) home(left int) *residence {
	for n := range p.homes {
		if left < p.homes[n].Weight {
			return &p.homes[n]
		}
		left -= p.homes[n].Weight
	}
	return &p.homes[0] // not reached: the weights are what left was drawn below
}

// characterSetOf draws how the name of one of a group is kept, in per cent: most
// names are in the alphabet only.
func characterSetOf(d *draw.Stream, of people) []string {
	p := d.Below(100)
	switch of {
	case chinese:
		switch {
		case p < 20:
			return []string{"ISO_IR 192"}
		case p < 28:
			return []string{"GB18030"}
		case p < 32:
			return []string{"", "ISO 2022 IR 58"}
		}
	case indian:
		if p < 25 {
			return []string{"ISO_IR 192"}
		}
	case others:
		switch {
		case p < 40:
			return []string{"ISO_IR 100"}
		case p < 50:
			return []string{"ISO_IR 192"}
		}
	}
	return nil
}

// idFormat writes Patient IDs of a format so that no two numbers have the same
// one, as long as there are ways to write them: the numbers are permuted by a
// Feistel network over the ways that the drawn characters can be written.
type idFormat struct {
	prefix, format string
	ways           uint64 // how many different IDs the permuted characters make
	half           uint   // bits of each half of the network
	keys           [4]uint64
}

// mostWays bounds the ways that are permuted; a format with more has room beyond
// any population, its further characters are drawn.
const mostWays = 1 << 40

// newIDFormat returns the permutation of a fence's format. Homes with the same
// format share it, so that their IDs differ too.
func newIDFormat(f Fence, seed [sha256.Size]byte) idFormat {
	t := idFormat{prefix: f.PatientIDPrefix, format: f.PatientIDFormat, ways: 1}
	for _, c := range []byte(f.PatientIDFormat) {
		if r := radix(c); t.ways*r <= mostWays {
			t.ways *= r
		}
	}
	t.half = max(1, uint(bits.Len64(t.ways-1)+1)/2)
	h := sha256.New()
	_, _ = h.Write(seed[:])
	writeField(h.Write, t.prefix)
	writeField(h.Write, t.format)
	var sum [sha256.Size]byte
	h.Sum(sum[:0])
	d := draw.FromSum(sum)
	for n := range t.keys {
		t.keys[n] = d.Uint64()
	}
	return t
}

// radix is in how many ways a character of a format is written; 1 for one that
// stands for itself or follows from others.
func radix(c byte) uint64 {
	switch c {
	case '#':
		return 10
	case '@':
		return 26
	case '%':
		return 32
	}
	return 1
}

// permuted is n's place in the permutation of the ways, which n is taken modulo.
// A network permutes a power of four of numbers; places beyond the ways are
// permuted on until one is within (cycle walking), at most a few times on average.
func (t *idFormat) permuted(n uint64) uint64 {
	n %= t.ways
	mask := uint64(1)<<t.half - 1
	for {
		left, right := n>>t.half, n&mask
		for _, k := range t.keys {
			left, right = right, left^draw.Mix(right^k)&mask
		}
		if n = left<<t.half | right; n < t.ways {
			return n
		}
	}
}

// id writes the Patient ID of person n. What is not permuted is drawn.
func (t *idFormat) id(n uint64, d *draw.Stream) string {
	left, room := t.permuted(n), uint64(1)
	digit := func(r uint64) int {
		if room*r > mostWays {
			return d.Below(int(r))
		}
		room *= r
		v := left % r
		left /= r
		return int(v)
	}
	id := []byte(t.prefix)
	start := len(id)
	for _, c := range []byte(t.format) {
		switch c {
		case '#':
			c = '0' + byte(digit(10))
		case '@':
			c = 'A' + byte(digit(26))
		case '%':
			c = crockfordAlphabet[digit(32)]
		case '!':
			c = wrongCheckLetter(id[start:], d.Below(26))
		}
		id = append(id, c)
	}
	return string(id)
}
