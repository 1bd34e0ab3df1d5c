/**
 * The admin API: register, list, look at, disable, enable and remove adapters. Handlers block on
 * virtual threads; every error is problem+json.
 */
@NullMarked
package dev.weft.catalog.admin;

import org.jspecify.annotations.NullMarked;
