/**
 * Binds records of settings from property sources by Spring's binder, checks them, and tells all
 * that is wrong at once. One thread at a time.
 */
@NullMarked
package dev.weft.settings.bind;

import org.jspecify.annotations.NullMarked;
