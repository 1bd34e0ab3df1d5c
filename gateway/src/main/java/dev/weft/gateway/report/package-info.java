/**
 * Hands the catalog what a gateway has counted, in numbered reports; the catalog takes each once.
 * The features that send them decide on their content.
 */
@NullMarked
package dev.weft.gateway.report;

import org.jspecify.annotations.NullMarked;
