package main

import (
	"net/http"
	"strconv"
)

// page is the ?page= and ?per_page= of a list; at most 50 items, as the real server's default.
type page struct{ number, size int }

const maxItemsPerPage = 50

func (c *call) page() page {
	number, _ := strconv.Atoi(c.URL.Query().Get("page"))
	size, _ := strconv.Atoi(c.URL.Query().Get("per_page"))
	if size < 1 || size > maxItemsPerPage {
		size = maxItemsPerPage
	}
	return page{max(number, 1), size}
}

func (p page) offset() int { return (p.number - 1) * p.size }

func (p page) headers(h http.Header, total, shown int) {
	h.Set("X-Pagination-Total-Pages", strconv.Itoa((total+p.size-1)/p.size))
	h.Set("X-Pagination-Result-Count", strconv.Itoa(shown))
}
