// Loads all that the package exports, and starts nothing.
import "@rlm-toolkit/observability";
import "@rlm-toolkit/observability/testing";
