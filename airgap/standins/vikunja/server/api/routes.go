// Which path leads to which endpoint, and what an API token has to be granted for it.

package api

import (
	"net/http"

	"xnai.local/vikunja-standin/web"
)

// permission names a route for API tokens, as GET /routes lists them. The zero value is a route that no API token may
// use.
type permission struct{ group, name string }

type route struct {
	permission
	method, path string
	run          endpoint
}

// routes are the calls that need a token.
func (s *Server) routes() []route {
	return []route{
		{permission{}, "GET", "/user", s.currentUser},
		{permission{}, "POST", "/user/password", s.changePassword},
		{permission{}, "POST", "/user/logout", s.logout},
		{permission{}, "PUT", "/tokens", s.createToken},
		{permission{}, "GET", "/tokens", s.listTokens},
		{permission{}, "DELETE", "/tokens/{token}", s.deleteToken},
		{permission{}, "GET", "/routes", s.listRoutes},
		{permission{"projects", "create"}, "PUT", "/projects", s.createProject},
		{permission{"projects", "read_all"}, "GET", "/projects", s.listProjects},
		{permission{"projects", "read_one"}, "GET", "/projects/{project}", s.readProject},
		{permission{"projects", "delete"}, "DELETE", "/projects/{project}", s.deleteProject},
		{permission{"projects", "tasks_by_index"}, "GET", "/projects/{project}/tasks/by-index/{index}", s.taskByIndex},
		{permission{"projects_users", "create"}, "PUT", "/projects/{project}/users", s.shareProject},
		{permission{"projects_users", "read_all"}, "GET", "/projects/{project}/users", s.listShares},
		{permission{"projects_users", "delete"}, "DELETE", "/projects/{project}/users/{user}", s.unshareProject},
		{permission{"tasks", "create"}, "PUT", "/projects/{project}/tasks", s.createTask},
		{permission{"tasks", "read_all"}, "GET", "/projects/{project}/tasks", s.listTasks},
		{permission{"tasks", "read_one"}, "GET", "/tasks/{task}", s.readTask},
		{permission{"tasks", "update"}, "POST", "/tasks/{task}", s.updateTask},
		{permission{"labels", "create"}, "PUT", "/labels", s.createLabel},
		{permission{"labels", "read_all"}, "GET", "/labels", s.listLabels},
		{permission{"tasks_labels", "create"}, "PUT", "/tasks/{task}/labels", s.labelTask},
		{permission{"tasks_attachments", "create"}, "PUT", "/tasks/{task}/attachments", s.uploadAttachments},
		{permission{"tasks_attachments", "read_all"}, "GET", "/tasks/{task}/attachments", s.listAttachments},
		{permission{"tasks_attachments", "read_one"}, "GET", "/tasks/{task}/attachments/{attachment}", s.downloadAttachment},
	}
}

// Handler serves the whole API, and a page of text in place of the web UI.
func (s *Server) Handler() http.Handler {
	clientIP := web.ClientIPFrom(s.settings.IPExtraction, s.settings.TrustedProxies)
	serve := web.Middleware{MaxBody: (s.settings.MaxFileMB + 2) << 20, LogRequests: s.settings.LogHTTP, ClientIP: clientIP}.Wrap
	// One limit for logins, registrations and token renewals together, as in 2.5.0.
	limited := web.NewRateLimiter(s.settings.LoginTriesPerMinute, clientIP).Limit
	mux := http.NewServeMux()
	mux.Handle("GET /health", serve(s.healthPage))
	mux.Handle("GET /api/v1/info", serve(s.info))
	mux.Handle("POST /api/v1/register", serve(limited(s.register)))
	mux.Handle("POST /api/v1/login", serve(limited(s.public(s.login))))
	mux.Handle("POST /api/v1/user/token/refresh", serve(limited(s.public(s.refresh))))
	for _, r := range s.routes() {
		mux.Handle(r.method+" /api/v1"+r.path, serve(s.private(r.permission, r.run)))
	}
	mux.Handle("POST /api/v2/user/bots", serve(s.private(permission{}, s.createBot)))
	mux.Handle("GET /api/v2/user/bots", serve(s.private(permission{}, s.listBots)))
	mux.Handle("/", serve(s.frontPage))
	return mux
}

func (s *Server) listRoutes(*call) (int, any, error) {
	listed := map[string]map[string]any{}
	for _, r := range s.routes() {
		if r.group == "" {
			continue
		}
		if listed[r.group] == nil {
			listed[r.group] = map[string]any{}
		}
		listed[r.group][r.name] = map[string]string{"path": "/api/v1" + r.path, "method": r.method}
	}
	return http.StatusOK, listed, nil
}
