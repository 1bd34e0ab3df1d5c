/**
 * Who asks a service, and what they may do there: the part that all three services share, put
 * together here. Spring Security's chain decides ({@code rule}); {@code holder} says who somebody
 * is and what a request without a token is taken for, and {@code refusal} how a refusal is told.
 * Nothing here blocks; whoever looks a token up in a database does so on threads of its own.
 */
@NullMarked
package dev.weft.access;

import org.jspecify.annotations.NullMarked;
