/**
 * Adapters that come and go, and kinds of adapters, through the admin API and the sample's answers.
 */
@NullMarked
package dev.weft.system.adapter;

import org.jspecify.annotations.NullMarked;
