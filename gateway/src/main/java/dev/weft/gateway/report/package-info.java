/**
 * Hands the catalog what a gateway has counted: numbered reports, of which it takes each once. What
 * is in them is the business of the features that send them.
 */
@NullMarked
package dev.weft.gateway.report;

import org.jspecify.annotations.NullMarked;
