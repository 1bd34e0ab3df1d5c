/**
 * Where a service publishes metrics and details of health: at its own port, or at a separate
 * listener, whose requests are told apart here.
 */
@NullMarked
package dev.weft.access.management;

import org.jspecify.annotations.NullMarked;
