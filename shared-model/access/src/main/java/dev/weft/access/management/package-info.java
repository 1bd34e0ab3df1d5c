/**
 * Where metrics and details of health are told: at the service's own port, or at a listener for
 * nothing else, whose requests are told apart here.
 */
@NullMarked
package dev.weft.access.management;

import org.jspecify.annotations.NullMarked;
