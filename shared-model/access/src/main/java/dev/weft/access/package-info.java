/**
 * Who sends a request to a service, and what they may do there: the part that all three services
 * share, put together here. Spring Security's chain decides ({@code rule}). {@code holder} says who
 * the sender is and what a request without a token counts as, and {@code refusal} how a refusal is
 * reported. Nothing here blocks; code that looks a token up in a database does so on threads of its
 * own.
 */
@NullMarked
package dev.weft.access;

import org.jspecify.annotations.NullMarked;
