-- What was asked for together is shown, cancelled and taken up again together.
CREATE INDEX print_jobs_by_batch ON print_jobs (batch, id);
