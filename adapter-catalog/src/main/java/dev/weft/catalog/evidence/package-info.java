/**
 * Tests whether one version does worse than another, which may be looked at after every request:
 * the chance that any look ever finds evidence against a version that is not worse is at most the
 * one that is asked for. Pure functions of counts; any thread.
 */
@NullMarked
package dev.weft.catalog.evidence;

import org.jspecify.annotations.NullMarked;
