/**
 * Tests whether one version does worse than another. A caller may look at a test after every
 * request: the chance that any look finds evidence against a version that is not worse is at most
 * the one that the caller asks for. Pure functions of counts; any thread.
 */
@NullMarked
package dev.weft.catalog.evidence;

import org.jspecify.annotations.NullMarked;
