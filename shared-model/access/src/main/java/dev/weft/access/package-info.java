/**
 * Who asks a service, and what they may do there: the part that all three services share. Spring
 * Security's chain decides; this package says who somebody is ({@link dev.weft.access.Holder}),
 * what a request without a token is taken for ({@link dev.weft.access.Guests}), and how a refusal
 * is told. Nothing here blocks; whoever looks a token up in a database does so on threads of its
 * own.
 */
@NullMarked
package dev.weft.access;

import org.jspecify.annotations.NullMarked;
