/**
 * Binds records of settings from property sources by Spring's binder, checks them, and reports all
 * faults at once. One thread at a time.
 */
@NullMarked
package dev.weft.settings.bind;

import org.jspecify.annotations.NullMarked;
