/**
 * Tells the catalog what this worker holds, and hears which versions it is to pin or prefetch. One
 * thread reports; each order is followed on a virtual thread of its own.
 */
@NullMarked
package dev.weft.inference.server.residency.report;

import org.jspecify.annotations.NullMarked;
