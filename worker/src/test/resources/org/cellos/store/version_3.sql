-- A file of schema version 3, literally as that version made it, with two executions in it.
CREATE TABLE mirror_identity (
  mirror_id TEXT PRIMARY KEY
);
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
  temporal_run_id TEXT NOT NULL,
  activity_id TEXT NOT NULL,
  UNIQUE (execution_id, step_index, epoch, action, temporal_run_id, activity_id, attempt)
);
CREATE TABLE step_outcomes (
  execution_id TEXT NOT NULL REFERENCES execution_details(execution_id),
  step_index INTEGER NOT NULL,
  error_code TEXT,
  closed_with_execution INTEGER NOT NULL,
  PRIMARY KEY (execution_id, step_index)
) WITHOUT ROWID;
CREATE TABLE execution_states (
  execution_id TEXT PRIMARY KEY REFERENCES execution_details(execution_id),
  state TEXT NOT NULL
);
CREATE TABLE effect_ledger (
  execution_id TEXT NOT NULL REFERENCES execution_details(execution_id),
  step_index INTEGER NOT NULL,
  action TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  owner TEXT NOT NULL,
  worker TEXT NOT NULL,
  intent_at TEXT NOT NULL,
  closed_at TEXT,
  outcome TEXT,
  PRIMARY KEY (execution_id, step_index, action, epoch)
);
CREATE TABLE decisions (
  decision_id INTEGER PRIMARY KEY,
  execution_id TEXT NOT NULL REFERENCES execution_details(execution_id),
  step_index INTEGER NOT NULL,
  action TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  question TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  choice TEXT,
  amount_ml REAL,
  decided_by TEXT,
  reason TEXT,
  decided_at TEXT,
  UNIQUE (execution_id, step_index, action, epoch)
);
CREATE TABLE audit_log (
  audit_id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  execution_id TEXT NOT NULL,
  step_index INTEGER,
  who TEXT NOT NULL,
  what TEXT NOT NULL,
  reason TEXT
);
CREATE TABLE workers (
  worker TEXT NOT NULL,
  engine_id TEXT NOT NULL,
  since TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  PRIMARY KEY (worker, engine_id)
) WITHOUT ROWID;
CREATE TABLE execution_troubles (
  execution_id TEXT PRIMARY KEY REFERENCES execution_details(execution_id),
  since TEXT NOT NULL,
  message TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE mirror_events (
  event_id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  what TEXT NOT NULL,
  note TEXT
);
CREATE TABLE history_exports (
  execution_id TEXT NOT NULL REFERENCES execution_details(execution_id),
  temporal_run_id TEXT NOT NULL,
  exported_at TEXT,
  PRIMARY KEY (execution_id, temporal_run_id)
) WITHOUT ROWID;
CREATE TABLE execution_search_changes (
  changed_row INTEGER PRIMARY KEY
);
INSERT INTO mirror_identity VALUES ('7b6fcfccb9f29451');
INSERT INTO executions VALUES ('e-1','Passage HEK293T in flask_t75','HEK293T','flask_t75','passage','running','2026-03-01T09:30:00.000000+00:00','2026-03-01T09:30:01.000000+00:00',NULL,NULL,'{"plate":7,"operator":"Ada"}');
INSERT INTO executions VALUES ('e-2','Passage HEK293T in flask_t75','HEK293T','flask_t75','passage','failed','2026-03-01T09:30:11.000000+00:00',NULL,'2026-03-01T09:30:12.000000+00:00','No tips left','{"plate":7,"operator":"Ada"}');
INSERT INTO execution_steps VALUES ('67687840-3906-3745-9827-850470e86950','e-1',0,'Dispense DPBS 0','dispense','{"labels":["a","µ"],"volume_ml":5.0}','completed','2026-03-01T09:30:02.000000+00:00','2026-03-01T09:30:06.000000+00:00',NULL,'{"mode":"virtual"}');
INSERT INTO execution_steps VALUES ('3fbdebec-f2e7-369b-9d23-94aff1948409','e-1',1,'Dispense DPBS 1','dispense','{"labels":["a","µ"],"volume_ml":6.0}','failed','2026-03-01T09:30:07.000000+00:00','2026-03-01T09:30:09.000000+00:00','Nobody knows whether step 2 (Dispense DPBS 1) was done. Worker worker@bench was about to do it. Doing it again may move 6.0 mL a second time.',NULL);
INSERT INTO execution_steps VALUES ('403bb780-1019-38ca-bdaf-7a105707132d','e-2',0,'Dispense DPBS 0','dispense','{"labels":["a","µ"],"volume_ml":5.0}','skipped',NULL,NULL,NULL,NULL);
INSERT INTO execution_details VALUES ('e-1','print','in_memory','engine-1','127.0.0.1:40123','default','virtual',0,'{"execution_id":"e-1","workflow_name":"Passage HEK293T in flask_t75","cell_line":"HEK293T","vessel_id":"flask_t75","operation_type":"passage","profile":"bench","instruments":"virtual","speed_up":1.0,"steps":[{"step_index":0,"path":"1","unit_op":{"uo_id":"dispense","name":"Dispense DPBS 0","operation_type":"dispense","parameters":{"labels":["a","µ"],"volume_ml":5.0},"items":[],"material_cost_usd":0.0,"instrument_cost_usd":0.0,"duration_minutes":0.0,"sub_steps":[]}},{"step_index":1,"path":"2","unit_op":{"uo_id":"dispense","name":"Dispense DPBS 1","operation_type":"dispense","parameters":{"labels":["a","µ"],"volume_ml":6.0},"items":[],"material_cost_usd":0.0,"instrument_cost_usd":0.0,"duration_minutes":0.0,"sub_steps":[]}}],"warnings":[],"metadata":{"plate":7,"operator":"Ada"},"material_cost_usd":28.23,"instrument_cost_usd":1.5,"duration_minutes":33.5,"begin":{"dry_run":false}}');
INSERT INTO execution_details VALUES ('e-2','print','in_memory','engine-1','127.0.0.1:40123','default','virtual',NULL,'{"execution_id":"e-2","workflow_name":"Passage HEK293T in flask_t75","cell_line":"HEK293T","vessel_id":"flask_t75","operation_type":"passage","profile":"bench","instruments":"virtual","speed_up":1.0,"steps":[{"step_index":0,"path":"1","unit_op":{"uo_id":"dispense","name":"Dispense DPBS 0","operation_type":"dispense","parameters":{"labels":["a","µ"],"volume_ml":5.0},"items":[],"material_cost_usd":0.0,"instrument_cost_usd":0.0,"duration_minutes":0.0,"sub_steps":[]}}],"warnings":[],"metadata":{"plate":7,"operator":"Ada"},"material_cost_usd":28.23,"instrument_cost_usd":1.5,"duration_minutes":33.5,"begin":{"dry_run":false}}');
INSERT INTO execution_progress VALUES ('e-1',1,4,'2026-03-01T09:30:10.000000+00:00');
INSERT INTO execution_progress VALUES ('e-2',1,1,'2026-03-01T09:30:12.000000+00:00');
INSERT INTO execution_runs VALUES ('e-1',1,'run-1');
INSERT INTO execution_runs VALUES ('e-2',1,'run-2');
INSERT INTO step_attempts VALUES (1,'e-1',0,1,'perform',1,'worker@bench','2026-03-01T09:30:02.000000+00:00','2026-03-01T09:30:05.000000+00:00','completed',NULL,NULL,'run-1','activity-0');
INSERT INTO step_attempts VALUES (2,'e-1',1,1,'perform',1,'worker@bench','2026-03-01T09:30:07.000000+00:00',NULL,NULL,NULL,NULL,'run-1','activity-1');
INSERT INTO step_outcomes VALUES ('e-1',0,NULL,0);
INSERT INTO step_outcomes VALUES ('e-2',0,NULL,1);
INSERT INTO execution_states VALUES ('e-1','{"version":1,"sequence":4,"begin":{"dry_run":false},"routes":[],"next_step":0,"epochs":{}}');
INSERT INTO execution_states VALUES ('e-2','{"version":1,"sequence":1,"begin":{"dry_run":false},"routes":[],"next_step":0,"epochs":{}}');
INSERT INTO effect_ledger VALUES ('e-1',0,'perform',1,'run-1/7/1','worker@bench','2026-03-01T09:30:03.000000+00:00','2026-03-01T09:30:04.000000+00:00','{"outcome":"completed","result":{"mode":"virtual"}}');
INSERT INTO effect_ledger VALUES ('e-1',1,'perform',1,'Zoë','worker@bench','2026-03-01T09:30:08.000000+00:00','2026-03-01T09:30:10.000000+00:00','{"outcome":"completed","result":{"mode":"virtual"}}');
INSERT INTO decisions VALUES (1,'e-1',1,'perform',1,'{"step_index":1,"epoch":1,"action":"perform","kind":"outcome","text":"Nobody knows whether step 2 (Dispense DPBS 1) was done.","evidence":"Worker worker@bench was about to do it. Doing it again may move 6.0 mL a second time.","choices":["done","partly","again","skip","abort"],"most_millilitres":6.0,"asked_for_cancel":false}','2026-03-01T09:30:09.000000+00:00','again',NULL,'Zoë','5 µL were left: "nothing moved"','2026-03-01T09:30:10.000000+00:00');
INSERT INTO audit_log VALUES (1,'2026-03-01T09:30:09.000000+00:00','e-1',1,'workflow','asks: Nobody knows whether step 2 (Dispense DPBS 1) was done.',NULL);
INSERT INTO audit_log VALUES (2,'2026-03-01T09:30:10.000000+00:00','e-1',1,'Zoë','again','5 µL were left: "nothing moved"');
INSERT INTO audit_log VALUES (3,'2026-03-01T09:30:12.000000+00:00','e-2',NULL,'workflow','failed','No tips left');
INSERT INTO workers VALUES ('worker@bench','engine-1','2026-03-01T09:30:13.000000+00:00','2026-03-01T09:30:13.000000+00:00');
INSERT INTO execution_troubles VALUES ('e-1','2026-03-01T09:30:14.000000+00:00','Its workflow task has failed 3 times.');
CREATE VIRTUAL TABLE execution_search USING fts5(execution_id, workflow_name, cell_line, vessel_id, operation_type, error_message, metadata, content='', contentless_delete=1, tokenize='trigram');
INSERT INTO execution_search (rowid, execution_id, workflow_name, cell_line, vessel_id, operation_type, error_message, metadata) SELECT rowid, execution_id, workflow_name, cell_line, vessel_id, operation_type, error_message, metadata FROM executions;
CREATE INDEX idx_exec_status ON executions(status);
CREATE INDEX idx_exec_created ON executions(created_at);
CREATE INDEX idx_step_exec ON execution_steps(execution_id);
CREATE INDEX idx_exec_status_created ON executions(status, created_at);
CREATE INDEX idx_decision_open ON decisions(execution_id) WHERE decided_at IS NULL;
CREATE INDEX idx_audit_exec ON audit_log(execution_id);
CREATE TRIGGER execution_search_replaced BEFORE INSERT ON executions BEGIN
  INSERT OR IGNORE INTO execution_search_changes
  SELECT rowid FROM executions WHERE execution_id = NEW.execution_id; END;
CREATE TRIGGER execution_search_inserted AFTER INSERT ON executions BEGIN
  INSERT OR IGNORE INTO execution_search_changes VALUES (NEW.rowid); END;
CREATE TRIGGER execution_search_updated AFTER UPDATE OF execution_id, workflow_name, cell_line, vessel_id, operation_type, error_message, metadata ON executions WHEN OLD.execution_id IS NOT NEW.execution_id OR OLD.workflow_name IS NOT NEW.workflow_name OR OLD.cell_line IS NOT NEW.cell_line OR OLD.vessel_id IS NOT NEW.vessel_id OR OLD.operation_type IS NOT NEW.operation_type OR OLD.error_message IS NOT NEW.error_message OR OLD.metadata IS NOT NEW.metadata BEGIN
  INSERT OR IGNORE INTO execution_search_changes VALUES (OLD.rowid); INSERT OR IGNORE INTO execution_search_changes VALUES (NEW.rowid); END;
CREATE TRIGGER execution_search_deleted AFTER DELETE ON executions BEGIN
  INSERT OR IGNORE INTO execution_search_changes VALUES (OLD.rowid); END;
PRAGMA user_version = 3;
