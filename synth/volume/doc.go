// Package volume is the volume model of a hospital cluster: which exams are made
// on a date, when, where, of what kind and size, and how their instances arrive.
// A Profile says how a year's exams are spread; a date, the sites and a seed then
// yield every exam of the day (Day), and the day in figures (Summarise).
//
// The model. A site's day has yearly exams x 7/365 x the weekday's share of the
// week. Each hour of the site's clock has its share of the day, and each modality
// its share of the hour; in it, exams arrive as a Poisson process. Public holidays
// are not modelled. An exam is a study of one recipe, with a number of instances
// (lognormal, even or fixed) that are sent as one burst, at a pace, over one or
// more associations: so exams arrive independently, and instances do not.
//
// Clocks. What the curve says of an hour is meant of the hour that the site's
// clock shows. When the clock is put forward, the hour that is not shown gets no
// exam, and the others share what it would have had, so that the day keeps its
// number. When it is put back, the hour that is shown twice has its share once,
// spread evenly over both times.
//
// The same everywhere. Whatever decides a draw is integer arithmetic: decimals of
// the profile in millionths, and rates, logarithms and deviates in the fixed point
// of package draw. Arrivals are sums of exponential numbers, compared with the
// hour's rate. So every machine draws the same exams. Only expected figures, which
// are printed and decide nothing, are floating point.
//
// Parts. The draws of an hour depend on the seed, the date, the names of the site
// and the modality, and the hour, and on no other site: each site can make its
// part of the cluster alone.
package volume
