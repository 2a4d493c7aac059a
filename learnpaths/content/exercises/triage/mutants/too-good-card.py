# %% id="card"
answers, sites_ = triage(x_train), sites[:1200]
card = {
    "data": "SIMULATED chest films: 1,200 to train, 400 to choose temperature and borders, 400 others to measure",
    "meant for": "Exercises on deciding with a human in the loop, on films of chest-simulated",
    "not for": "Films of people, other machines, other shares of findings, or any decision without a person",
    **name_errors(answers, y_train),
    "calibration error": calibration_error(probability(x_train), y_train),
    "caught at A": name_errors(answers[sites_ == 0], y_train[sites_ == 0])["caught"],
    "caught at B": name_errors(answers[sites_ == 1], y_train[sites_ == 1])["caught"],
}
