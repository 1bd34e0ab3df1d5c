/** Metrics, dashboards, alerts, traces and logs of a fleet under load, with a real Prometheus. */
@NullMarked
package dev.weft.system.observability;

import org.jspecify.annotations.NullMarked;
