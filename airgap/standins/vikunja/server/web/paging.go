// Lists in pages.

package web

import (
	"net/http"
	"strconv"
)

// MaxItemsPerPage is the real server's default.
const MaxItemsPerPage = 50

// Page is the ?page= and ?per_page= of a list.
type Page struct {
	// number counts from 1.
	number int
	// Size is how many items a page has, at most MaxItemsPerPage.
	Size int
}

// PageOf reads which page of a list a request asks for; no number, or one out of range, means the default.
func PageOf(r *http.Request) Page {
	number, _ := strconv.Atoi(r.URL.Query().Get("page"))
	size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
	if size < 1 || size > MaxItemsPerPage {
		size = MaxItemsPerPage
	}
	return Page{max(number, 1), size}
}

// Offset is how many items come before this page.
func (p Page) Offset() int { return (p.number - 1) * p.Size }

// SetHeaders tells the client how many pages there are and how many items this one shows.
func (p Page) SetHeaders(h http.Header, total, shown int) {
	h.Set("X-Pagination-Total-Pages", strconv.Itoa((total+p.Size-1)/p.Size))
	h.Set("X-Pagination-Result-Count", strconv.Itoa(shown))
}
