package main

import "net/http"

// permission names a route for API tokens, as GET /routes lists them. The zero value is a route that no API token may
// use.
type permission struct{ group, name string }

type route struct {
	permission
	method, path string
	run          endpoint
}

// routes are the calls that need a token.
func (s *server) routes() []route {
	return []route{
		{permission{}, "GET", "/user", s.currentUser},
		{permission{}, "POST", "/user/password", s.changePassword},
		{permission{}, "POST", "/user/logout", s.logout},
		{permission{}, "PUT", "/tokens", s.createToken},
		{permission{}, "GET", "/routes", s.listRoutes},
		{permission{"projects", "create"}, "PUT", "/projects", s.createProject},
		{permission{"projects", "read_all"}, "GET", "/projects", s.listProjects},
		{permission{"projects", "read_one"}, "GET", "/projects/{project}", s.readProject},
		{permission{"projects", "tasks_by_index"}, "GET", "/projects/{project}/tasks/by-index/{index}", s.taskByIndex},
		{permission{"tasks", "create"}, "PUT", "/projects/{project}/tasks", s.createTask},
		{permission{"tasks", "read_all"}, "GET", "/projects/{project}/tasks", s.listTasks},
		{permission{"tasks", "read_one"}, "GET", "/tasks/{task}", s.readTask},
		{permission{"tasks", "update"}, "POST", "/tasks/{task}", s.updateTask},
		{permission{"tasks_attachments", "create"}, "PUT", "/tasks/{task}/attachments", s.uploadAttachments},
		{permission{"tasks_attachments", "read_all"}, "GET", "/tasks/{task}/attachments", s.listAttachments},
		{permission{"tasks_attachments", "read_one"}, "GET", "/tasks/{task}/attachments/{attachment}", s.downloadAttachment},
	}
}

func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /health", s.serve(s.healthPage))
	mux.Handle("GET /api/v1/info", s.serve(s.info))
	mux.Handle("POST /api/v1/register", s.serve(s.limited(s.tries, s.register)))
	mux.Handle("POST /api/v1/login", s.serve(s.limited(s.tries, s.public(s.login))))
	mux.Handle("POST /api/v1/user/token/refresh", s.serve(s.limited(s.tries, s.public(s.refresh))))
	for _, r := range s.routes() {
		mux.Handle(r.method+" /api/v1"+r.path, s.serve(s.private(r.permission, r.run)))
	}
	mux.Handle("/", s.serve(s.frontPage))
	return mux
}

func (s *server) listRoutes(*call) (int, any, error) {
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

func (s *server) healthPage(w http.ResponseWriter, _ *http.Request) error {
	if err := s.db.health(); err != nil {
		return err
	}
	_, err := w.Write([]byte("OK"))
	return err
}

// info needs no database, so that it answers while Postgres is away.
func (s *server) info(w http.ResponseWriter, _ *http.Request) error {
	return writeJSON(w, http.StatusOK, map[string]any{
		"standin":                  true,
		"version":                  version,
		"frontend_url":             s.config.publicURL,
		"motd":                     "This is a stand-in for Vikunja, not Vikunja.",
		"link_sharing_enabled":     s.config.linkSharing,
		"max_file_size":            s.config.maxFileSize,
		"max_items_per_page":       50,
		"task_attachments_enabled": true,
		"webhooks_enabled":         s.config.webhooks,
		"concurrent_writes":        true,
		"auth": map[string]any{
			"local":          map[string]any{"enabled": true, "registration_enabled": s.config.registration},
			"ldap":           map[string]any{"enabled": false},
			"openid_connect": map[string]any{"enabled": false, "providers": nil},
		},
	})
}
