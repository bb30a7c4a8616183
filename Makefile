# Two commands set everything up: make demo, make test. Each installs what is missing, builds, and works again when run twice.
BUILD ?= $(CURDIR)/build
JOBS ?= $(shell nproc)
SETUP := workers/setup
export OMP_WAIT_POLICY = passive
export OPENBLAS_NUM_THREADS = 1

.PHONY: help demo demo-start demo-stop demo-reset psql test sanitize soak bench install build packages

help:
	@echo "make demo [DATA=\"FILE…\"|DATA=synthetic]  install, build, start a private cluster, run the main job, show the result"
	@echo "make test                                install, build, run every test on a throw-away cluster"
	@echo "make psql                                psql on the demo cluster; make -s psql < file.sql runs a file there"
	@echo "make demo-start | demo-stop | demo-reset start without the main job; stop; stop and delete"
	@echo "make sanitize | soak | bench [NAME=…]    ASan/UBSan suite; long fault and fuzz runs; peers side by side"
	@echo "make install                             into the system's PostgreSQL"

test sanitize soak: TEST_PACKAGES = faketime pgbouncer
soak: TEST_PACKAGES += clang-14 libclang-rt-14-dev
packages:
	@$(SETUP)/packages.sh $(BUILD) $(TEST_PACKAGES)

build: packages
	@$(SETUP)/build.sh release $(BUILD) $(JOBS)

demo: build
	@$(SETUP)/demo.sh $(BUILD) $(DATA)

demo-start: build
	@$(SETUP)/demo_start.sh $(BUILD)

demo-stop:
	@$(SETUP)/demo_stop.sh $(BUILD)

demo-reset: demo-stop
	@$(SETUP)/cluster.sh delete demo $(BUILD)

psql:
	@$(SETUP)/demo_psql.sh $(BUILD)

test: build
	@ctest --test-dir $(BUILD) --output-on-failure --timeout 600 -j $(JOBS)

sanitize: packages
	@$(SETUP)/packages.sh $(CURDIR)/build-sanitize $(TEST_PACKAGES)
	@$(SETUP)/build.sh sanitize $(CURDIR)/build-sanitize $(JOBS)
	@ctest --test-dir $(CURDIR)/build-sanitize --output-on-failure --timeout 1800 -j $(JOBS)

soak: build
	@BOURSE_SOAK=1 BOURSE_CHAOS_KILLS=1000 BOURSE_CHAOS_STOPS=200 BOURSE_CHAOS_FREEZES=200 BOURSE_CHAOS_CUTS=200 BOURSE_CHAOS_RINGS=100000 \
	 ctest --test-dir $(BUILD) --verbose --timeout 5400 -L chaos
	@BOURSE_SOAK=1 ctest --test-dir $(BUILD) --output-on-failure --timeout 14400 -R '^(models.Damaged|fuzz\.|worker.import_model|worker.dataset_memory|cli.qlib_opens_it)'
	@tests/fuzz/long.sh $(CURDIR)/build-fuzz $(JOBS)

bench: build
	@bench/run.sh $(BUILD) $(NAME)

install: build
	@cmake --install $(BUILD)
