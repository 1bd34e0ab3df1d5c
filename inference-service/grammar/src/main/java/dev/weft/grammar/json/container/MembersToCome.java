package dev.weft.grammar.json.container;

import dev.weft.grammar.rule.ContainerRule;
import dev.weft.grammar.rule.ValueRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The members that a container may still get behind those it has, by rules that certainly hold for
 * it. Numbers are bounds: no more members can come, but perhaps fewer.
 */
final class MembersToCome {
    private static final int UNBOUNDED = ContainerRule.UNBOUNDED;

    private final Feasibility feasibility;
    private final Level.Content content;
    private final List<ContainerRule> rules;
    private final int room;

    /** The places of an array that items can be at; negative if not yet known. */
    private int places = -1;

    MembersToCome(Feasibility feasibility, Level.Content content, List<ContainerRule> rules) {
        this.feasibility = feasibility;
        this.content = content;
        this.rules = rules;
        this.room = findRoom();
    }

    /** What may come if more rules hold. */
    MembersToCome with(List<ContainerRule> more) {
        List<ContainerRule> all = new ArrayList<>(rules);
        all.addAll(more);
        return new MembersToCome(feasibility, content, all);
    }

    /** Members that are there. */
    private int count() {
        return content.object() ? content.seen().size() : content.index();
    }

    private int findRoom() {
        int least = UNBOUNDED;
        for (ContainerRule rule : rules) {
            least = Math.min(least, roomBy(rule));
        }
        return least;
    }

    private int roomBy(ContainerRule rule) {
        return switch (rule) {
            case ContainerRule.OfObject object -> less(object.max, count());
            case ContainerRule.OfArray array -> less(array.max, count());
            case ContainerRule.OfContained some ->
                    feasibility.isAnything(some.item())
                            ? less(some.max(), some.found())
                            : UNBOUNDED;
            case ContainerRule.OfUnique _ -> UNBOUNDED;
        };
    }

    private static int less(int most, int there) {
        return most == UNBOUNDED ? UNBOUNDED : most - there;
    }

    /** Whether each rule can hold, as far as the number of members decides that. */
    boolean suffice() {
        if (room < 0 || !hasRoomForRequired()) {
            return false;
        }
        for (ContainerRule rule : rules) {
            if (!suffice(rule)) {
                return false;
            }
        }
        return true;
    }

    private boolean suffice(ContainerRule rule) {
        return switch (rule) {
            case ContainerRule.OfObject object ->
                    object.min <= count() || object.min - count() <= keys();
            case ContainerRule.OfArray array ->
                    array.min <= count() || array.min - count() <= places();
            case ContainerRule.OfContained some -> {
                int wanted = some.min() - some.found();
                yield some.found() <= some.max()
                        && (wanted <= 0 || placesFor(some.item(), wanted) == wanted);
            }
            case ContainerRule.OfUnique _ -> true;
        };
    }

    /** Whether all required keys that are not there can come; only a maximum makes them count. */
    private boolean hasRoomForRequired() {
        long most = 0;
        for (ContainerRule rule : rules) {
            most += rule instanceof ContainerRule.OfObject object ? object.required.size() : 0;
        }
        return most <= room || missing().size() <= room;
    }

    private Set<String> missing() {
        Set<String> missing = new HashSet<>();
        for (ContainerRule rule : rules) {
            if (rule instanceof ContainerRule.OfObject object) {
                feasibility.spend(object.required.size());
                missing.addAll(object.required);
            }
        }
        feasibility.spend(content.seen().size());
        content.seen().keys().forEach(missing::remove);
        return missing;
    }

    /** Most keys that may come. */
    private int keys() {
        int least = room;
        for (ContainerRule rule : rules) {
            if (rule instanceof ContainerRule.OfObject object) {
                least = Math.min(least, feasibility.possible(object, content.seen()));
            }
        }
        return least;
    }

    /** Most items that may come. */
    private int places() {
        if (places < 0) {
            places = findPlaces();
        }
        return places;
    }

    private int findPlaces() {
        int first = content.index();
        int alike = alike();
        for (int i = first; i <= alike && i - first < room; i++) {
            if (!mayStand(i, List.of())) {
                return i - first;
            }
        }
        return room;
    }

    /** The first place to come from which on all places are alike. */
    private int alike() {
        int longest = content.index();
        for (ContainerRule rule : rules) {
            if (rule instanceof ContainerRule.OfArray array) {
                longest = Math.max(longest, array.prefix.size());
            }
        }
        return longest;
    }

    /** The number of places at which an item may follow a rule; {@code enough} if they are more. */
    private int placesFor(ValueRule item, int enough) {
        int first = content.index();
        int alike = alike();
        int found = 0;
        for (int i = first; i < alike && i - first < places() && found < enough; i++) {
            found += mayStand(i, List.of(item)) ? 1 : 0;
        }
        int others = places() - (alike - first);
        boolean counts = found < enough && others > 0 && mayStand(alike, List.of(item));
        return counts ? found + Math.min(others, enough - found) : found;
    }

    /**
     * Whether a rule may turn out not to hold. "Can't" is certain, and "can" may be wrong.
     *
     * @param rule may stand where it need not hold
     */
    boolean canFail(ContainerRule rule) {
        return switch (rule) {
            case ContainerRule.OfObject object -> canFail(object);
            case ContainerRule.OfArray array ->
                    array.min > least() || isPassed(array.max, places()) || canBreak(array);
            case ContainerRule.OfContained some -> {
                int more = less(some.max(), some.found());
                yield some.found() + certain(some.item(), some.min() - some.found()) < some.min()
                        || (more != UNBOUNDED
                                && (more < 0 || placesFor(some.item(), more + 1) > more));
            }
            case ContainerRule.OfUnique _ -> places() > 0 && isPassed(1, places());
        };
    }

    /** Whether more members may be there in the end than a number. */
    private boolean isPassed(int max, int more) {
        return max != UNBOUNDED && (more == UNBOUNDED || count() + more > max);
    }

    private boolean canFail(ContainerRule.OfObject object) {
        if (object.min > least() || isPassed(object.max, keys())) {
            return true;
        }
        Set<String> certain = required();
        for (String key : object.required) {
            if (!content.seen().has(key) && !certain.contains(key)) {
                return true;
            }
        }
        return keys() > 0 && feasibility.canBreak(object);
    }

    private Set<String> required() {
        Set<String> all = new HashSet<>();
        for (ContainerRule rule : rules) {
            if (rule instanceof ContainerRule.OfObject object) {
                feasibility.spend(object.required.size());
                all.addAll(object.required);
            }
        }
        return all;
    }

    /** The fewest members that are there in the end. */
    private int least() {
        int least = count();
        for (ContainerRule rule : rules) {
            least =
                    switch (rule) {
                        case ContainerRule.OfObject object -> Math.max(least, object.min);
                        case ContainerRule.OfArray array -> Math.max(least, array.min);
                        default -> least;
                    };
        }
        return least;
    }

    /** Whether an item to come may break a rule. */
    private boolean canBreak(ContainerRule.OfArray array) {
        int alike = Math.max(alike(), array.prefix.size());
        for (int i = content.index(); i <= alike && i - content.index() < places(); i++) {
            if (mayStand(i, List.of(feasibility.not(array.at(i))))) {
                return true;
            }
        }
        return false;
    }

    /**
     * How many of the items that have to come follow a rule for certain, at most {@code enough}.
     */
    private int certain(ValueRule item, int enough) {
        int found = 0;
        for (int i = content.index(); i < least() && found < enough; i++) {
            if (i > alike()) {
                // those before it were alike
                return mayStand(i, List.of(feasibility.not(item)))
                        ? found
                        : Math.min(enough, found + least() - i);
            }
            found += mayStand(i, List.of(feasibility.not(item))) ? 0 : 1;
        }
        return found;
    }

    /** Whether some item may stand at a place that follows other rules, too. */
    private boolean mayStand(int index, List<ValueRule> others) {
        List<ValueRule> all = new ArrayList<>(others);
        for (ContainerRule rule : rules) {
            if (rule instanceof ContainerRule.OfArray array) {
                all.add(array.at(index));
            }
        }
        return feasibility.isSatisfiable(all);
    }
}
