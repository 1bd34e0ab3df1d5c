/**
 * Adapters that are loaded before they are asked for. {@link dev.weft.gateway.ahead.AheadPlan} says
 * which worker will need which adapter next, {@link dev.weft.gateway.ahead.LoadingAhead} has the
 * workers load them.
 */
@NullMarked
package dev.weft.gateway.ahead;

import org.jspecify.annotations.NullMarked;
