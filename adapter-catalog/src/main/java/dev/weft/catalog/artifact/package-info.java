/**
 * Canonical adapters on disk by digest, and the HTTP endpoint that workers fetch them from. A
 * folder appears under its digest whole or not at all.
 */
@NullMarked
package dev.weft.catalog.artifact;

import org.jspecify.annotations.NullMarked;
