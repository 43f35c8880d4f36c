//! Errors without a fix that a program could apply, and fixes that are not enough alone.

/// Why there is no fix, and the chapters and programs for which that is so.
pub const WITHOUT_FIX: &[(&str, &[&str])] = &[
    (
        "types don't meet, and only the author knows which is meant",
        &[
            "forward",
            "modules",
            "any_size/any_size_beyond_the_types",
            "any_size/any_size_branches_do_not_meet",
            "any_size/any_size_image_too_small",
            "any_size/any_size_wrong_channels",
            "any_size/any_size_wrong_output_type",
            "networks/layer_of_ones_own_without_its_traits",
            "options/init_constant_of_another_type",
        ],
    ),
    (
        "what was meant can't be told from what is there",
        &[
            "networks/network_that_there_is_not",
            "networks/unknown_name",
            "syntax/braces_missing",
            "syntax/expand",
            "syntax/input_left_open",
            "syntax/item_that_is_no_network",
            "syntax/name_of_network_missing",
            "syntax/output_missing",
            "syntax/residual_without_its_block",
            "syntax/shapes_missing",
            "syntax/sum_of_one_branch",
            "syntax/unknown_layer",
            "syntax/uses_stay_quiet",
            "syntax/well_known_layer_that_there_is_not",
        ],
    ),
    (
        "more than one place has to change",
        &[
            "any_size/name_of_the_networks_own_parameters",
            "any_size/variable_for_channels",
            "any_size/variable_for_features",
            "any_size/variable_for_two_dimensions",
            "any_size/variables_missing",
            "blocks/concat_of_an_image_and_features",
            "blocks/residual_to_features",
            "blocks/sum_of_an_image_and_features",
            "options/larger_than_any_memory",
            "syntax/computed_from_a_const_parameter",
            "syntax/default_of_a_const_parameter",
        ],
    ),
    (
        "the change is in a network within, where the error is not",
        &["networks/mistake_within_a_generic_network"],
    ),
    (
        "the error is not on all that would have to change",
        &[
            "syntax/repeat_in_parentheses",
            "syntax/repeat_without_closing_bracket",
            "syntax/shortcut_after_a_comma",
        ],
    ),
];

/// Why a fix is not enough, the programs and the words of the fix; of all fixes, if there are none.
pub const NOT_ALONE: &[(&str, &[(&str, &str)])] = &[
    (
        "`main` gives the network images of the size declared before",
        &[("claims/lenet_for_64x64", OF_32), ("claims/lenet_for_64x64_by_constants", OF_32)],
    ),
    (
        "the fix of another error holds for the input as it is",
        &[(
            "claims/every_mistake_is_found",
            "declare the input as `[3, 22, 22]`, for which 400 is right",
        )],
    ),
    (
        "after these mistakes there are others, of which nothing is said before",
        &[("claims/every_mistake_of_options_is_found", ""), ("syntax/uses_stay_quiet", "")],
    ),
];

const OF_32: &str = "declare the input as `[3, 32, 32]`, for which 400 is right";
