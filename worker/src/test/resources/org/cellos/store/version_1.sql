-- A file of schema version 1, literally as that version made it, with one execution in it.
CREATE TABLE executions (
  execution_id TEXT PRIMARY KEY,
  workflow_name TEXT,
  cell_line TEXT,
  vessel_id TEXT,
  operation_type TEXT,
  status TEXT,
  created_at TEXT,
  started_at TEXT,
  completed_at TEXT,
  error_message TEXT,
  metadata TEXT
);
CREATE TABLE execution_steps (
  step_id TEXT PRIMARY KEY,
  execution_id TEXT,
  step_index INTEGER,
  name TEXT,
  operation_type TEXT,
  parameters TEXT,
  status TEXT,
  start_time TEXT,
  end_time TEXT,
  error_message TEXT,
  result TEXT,
  FOREIGN KEY (execution_id) REFERENCES executions(execution_id)
);
CREATE TABLE execution_details (
  execution_id TEXT PRIMARY KEY REFERENCES executions(execution_id),
  fingerprint TEXT NOT NULL,
  engine_kind TEXT NOT NULL,
  engine_id TEXT NOT NULL,
  engine_address TEXT NOT NULL,
  engine_namespace TEXT NOT NULL,
  instruments TEXT NOT NULL,
  dry_run INTEGER,
  input TEXT NOT NULL
);
CREATE TABLE execution_progress (
  execution_id TEXT PRIMARY KEY REFERENCES execution_details(execution_id),
  run_ordinal INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  latest_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE execution_runs (
  execution_id TEXT NOT NULL REFERENCES execution_details(execution_id),
  ordinal INTEGER NOT NULL,
  temporal_run_id TEXT NOT NULL,
  PRIMARY KEY (execution_id, ordinal),
  UNIQUE (execution_id, temporal_run_id)
) WITHOUT ROWID;
CREATE TABLE step_attempts (
  attempt_id INTEGER PRIMARY KEY,
  execution_id TEXT NOT NULL REFERENCES execution_details(execution_id),
  step_index INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  action TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  worker TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  outcome TEXT,
  error_code TEXT,
  error_message TEXT,
  UNIQUE (execution_id, step_index, epoch, action, attempt)
);
CREATE TABLE step_outcomes (
  execution_id TEXT NOT NULL REFERENCES execution_details(execution_id),
  step_index INTEGER NOT NULL,
  error_code TEXT,
  closed_with_execution INTEGER NOT NULL,
  PRIMARY KEY (execution_id, step_index)
) WITHOUT ROWID;
CREATE TABLE mirror_identity (
  mirror_id TEXT PRIMARY KEY
);
CREATE INDEX idx_exec_status ON executions(status);
CREATE INDEX idx_exec_created ON executions(created_at);
CREATE INDEX idx_step_exec ON execution_steps(execution_id);
CREATE INDEX idx_exec_status_created ON executions(status, created_at);
INSERT INTO mirror_identity VALUES ('0123456789abcdef');
INSERT INTO executions VALUES
  ('e-1', 'Passage HEK293T in flask_t75', 'HEK293T', 'flask_t75', 'passage', 'running',
   '2026-03-01T09:30:00.000000+00:00', '2026-03-01T09:30:01.000000+00:00', NULL, NULL, '{}');
INSERT INTO execution_steps VALUES
  ('s-0', 'e-1', 0, 'Dispense', 'dispense', '{"volume_ml": 5.0}', 'completed',
   '2026-03-01T09:30:02.000000+00:00', '2026-03-01T09:30:05.000000+00:00', NULL,
   '{"mode": "virtual"}'),
  ('s-1', 'e-1', 1, 'Dispense', 'dispense', '{"volume_ml": 6.0}', 'running',
   '2026-03-01T09:30:06.000000+00:00', NULL, NULL, NULL);
INSERT INTO execution_details VALUES
  ('e-1', 'print', 'in_memory', 'engine-1', '127.0.0.1:40123', 'default', 'virtual', 0, '{}');
INSERT INTO execution_progress VALUES ('e-1', 1, 2, '2026-03-01T09:30:06.000000+00:00');
INSERT INTO execution_runs VALUES ('e-1', 1, 'run-1');
INSERT INTO step_attempts VALUES
  (11, 'e-1', 0, 1, 'perform', 1, 'worker@bench', '2026-03-01T09:30:02.000000+00:00',
   '2026-03-01T09:30:03.000000+00:00', 'failed', 'STEP_FAILED', 'no tips'),
  (12, 'e-1', 0, 1, 'perform', 2, 'worker@bench', '2026-03-01T09:30:04.000000+00:00',
   '2026-03-01T09:30:05.000000+00:00', 'completed', NULL, NULL),
  (13, 'e-1', 1, 1, 'perform', 1, 'worker@bench', '2026-03-01T09:30:06.000000+00:00', NULL, NULL,
   NULL, NULL);
INSERT INTO step_outcomes VALUES ('e-1', 0, NULL, 0);
PRAGMA user_version = 1
